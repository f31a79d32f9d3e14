// The table cdr_role_access: which role was granted what.
#pragma once

#include "pg_headers.hpp"

namespace vidyo_cdr {

// Its columns, counted from 1.
inline constexpr AttrNumber kAccessRoleColumn = 1;
inline constexpr AttrNumber kAccessKindColumn = 2;
inline constexpr AttrNumber kAccessTenantColumn = 3;

// Values of the column access.
inline constexpr const char *kTenantAccess = "tenant";
inline constexpr const char *kAllTenantsAccess = "all tenants";
inline constexpr const char *kImportAccess = "import";

// The table's name in the extension's schema.
inline constexpr const char *kAccessTable = "cdr_role_access";

// Calls visit(entry) with each entry of the table, as PostgreSQL reads its catalogs: as they are
// committed now, or changed by this transaction, whatever its isolation level. Without a snapshot
// of its own, the scan takes a new one for a table that is not a catalog.
template <typename Visitor>
void VisitAccessEntries(Relation table, Visitor visit) {
  SysScanDesc scan = systable_beginscan(table, InvalidOid, false, nullptr, 0, nullptr);
  while (HeapTuple entry = systable_getnext(scan)) {
    visit(entry);
  }
  systable_endscan(scan);
}

}  // namespace vidyo_cdr
