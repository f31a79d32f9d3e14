// The table cdr_role_access: which role was granted what.
#pragma once

#include "base/extension.hpp"
#include "base/postgres.hpp"

namespace vidyo_cdr {

// Values of the column access.
inline constexpr const char *kTenantAccess = "tenant";
inline constexpr const char *kAllTenantsAccess = "all tenants";
inline constexpr const char *kImportAccess = "import";
inline constexpr const char *kPurgeAccess = "purge";

// An entry. Its texts are in the row, or unpacked into the current memory context.
struct AccessEntry {
  Oid role;
  Datum tenant;  // a text; without a value where has_tenant is false
  bool has_tenant;
  bool is_import;
  bool is_purge;
  ItemPointer row;
};

// An entry out of a row of the table.
AccessEntry ReadAccessEntry(HeapTuple row, TupleDesc columns);

// Calls visit(entry) with each entry of the table, as PostgreSQL reads its catalogs: as they are
// committed now, or changed by this transaction, whatever its isolation level. Without a snapshot
// of its own, the scan takes a new one for a table that is not a catalog.
template <typename Visitor>
void VisitAccessEntries(Relation table, const Visitor &visit) {
  SysScanDesc scan = systable_beginscan(table, InvalidOid, false, nullptr, 0, nullptr);
  while (HeapTuple row = systable_getnext(scan)) {
    visit(ReadAccessEntry(row, RelationGetDescr(table)));
  }
  systable_endscan(scan);
}

}  // namespace vidyo_cdr
