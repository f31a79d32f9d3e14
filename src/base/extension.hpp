// The extension as an object of the database: where it is, and what belongs to it. Objects of the
// same names that do not belong to it must never be taken for its own.
#pragma once

#include <type_traits>

#include "base/postgres.hpp"

namespace vidyo_cdr {

// Names of tables in the extension's schema.
inline constexpr const char *kRecordsTable = "conferencecall2";
inline constexpr const char *kAccessTable = "cdr_role_access";

struct Extension {
  Oid oid = InvalidOid;
  Oid schema = InvalidOid;
  const char *schema_name = nullptr;    // palloc'ed
  const char *quoted_schema = nullptr;  // as SQL writes it; palloc'ed

  bool Exists() const { return OidIsValid(oid); }
};
static_assert(std::is_trivially_destructible_v<Extension>);

// The extension as it is committed now, or changed by this transaction. It does not exist where it
// is not installed, or was dropped by another session. What waits for a lock has to ask again:
// meanwhile the extension may have been dropped, or its schema renamed.
Extension FindExtension();

// The same, raising 42704 when there is none.
Extension GetExtension();

// The extension's table or view of that name, InvalidOid when there is none, as without the
// extension: a relation of that name that is not a member is not the extension's.
Oid FindMemberRelation(const Extension &extension, const char *name);

// Locks the extension's table of that name until the end of the transaction and returns its OID.
// Raises 42704 without the extension, 55000 when its table is missing or another one has its name,
// and 0A000 as PlacementOf() does. While the lock is held, the name
// stands for that table.
Oid LockMemberTable(const char *name, LOCKMODE lock);

// Whether a relation is the current role's, as all are a superuser's.
bool CallerOwns(Oid relation);

// Whether the policies on a relation hold for the current role.
bool PoliciesHold(Oid relation);

// The name of a relation with its schema, as SQL writes it; of one that has been dropped since, its
// number. palloc'ed.
const char *QuotedRelationName(Oid relation);

// The extension's only function of that name, InvalidOid when there is none, as without the
// extension.
Oid FindMemberFunction(const Extension &extension, const char *name);

}  // namespace vidyo_cdr
