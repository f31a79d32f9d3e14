// Watching the table cdr_role_access: whatever changes an entry, also an INSERT by hand or a
// restore, makes all sessions read the entries again when it is committed.
#include "access/entries.hpp"

#include "access/functions.hpp"
#include "base/extension.hpp"
#include "base/placement.hpp"
#include "base/values.hpp"

namespace vidyo_cdr {

namespace {

// Whether the role is among those that the statement names.
bool IsNamed(Oid role, List *names) {
  ListCell *cell;
  foreach (cell, names) {
    if (get_rolespec_oid(lfirst_node(RoleSpec, cell), true) == role) {
      return true;
    }
  }
  return false;
}

// Deletes the entries of these roles.
void DeleteEntriesOf(Oid table, List *role_names) {
  Relation relation = table_open(table, RowExclusiveLock);
  bool deleted = false;
  VisitAccessEntries(relation, [&](const AccessEntry &entry) {
    if (IsNamed(entry.role, role_names)) {
      simple_heap_delete(relation, entry.row);
      deleted = true;
    }
  });
  if (deleted) {
    CacheInvalidateRelcache(relation);
  }
  table_close(relation, NoLock);
}

}  // namespace

AccessEntry ReadAccessEntry(HeapTuple row, TupleDesc columns) {
  constexpr AttrNumber kRole = 1;
  constexpr AttrNumber kAccess = 2;
  constexpr AttrNumber kTenant = 3;
  bool is_null;
  AccessEntry entry = {};
  entry.row = &row->t_self;
  entry.role = DatumGetObjectId(heap_getattr(row, kRole, columns, &is_null));
  const std::string_view access = TextOf(heap_getattr(row, kAccess, columns, &is_null));
  entry.is_import = access == kImportAccess;
  entry.is_purge = access == kPurgeAccess;
  entry.tenant = heap_getattr(row, kTenant, columns, &is_null);
  entry.has_tenant = !is_null;
  return entry;
}

// After each entry that is changed, and each TRUNCATE.
Datum CdrRoleAccessChanges(FunctionCallInfo fcinfo) {
  if (!CALLED_AS_TRIGGER(fcinfo)) {
    ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
                    errmsg("cdr_role_access_changes must be called as a trigger")));
  }
  const auto *trigger = reinterpret_cast<const TriggerData *>(fcinfo->context);
  CacheInvalidateRelcache(trigger->tg_relation);
  return Datum{0};
}

Datum CdrDropOwnedAccess(FunctionCallInfo fcinfo) {
  if (!CALLED_AS_EVENT_TRIGGER(fcinfo)) {
    ereport(ERROR, (errcode(ERRCODE_E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED),
                    errmsg("cdr_drop_owned_access must be called as an event trigger")));
  }
  const auto *event = reinterpret_cast<const EventTriggerData *>(fcinfo->context);
  const Oid table = FindMemberRelation(FindExtension(), kAccessTable);
  // The statement may have dropped the extension itself. Of others than the owner it leaves the
  // privileges, so they keep the entries, too: a member may not take its group's access away.
  if (OidIsValid(table) && CallerOwns(table) && IsA(event->parsetree, DropOwnedStmt)) {
    DeleteEntriesOf(EntriesOfAccess(table), castNode(DropOwnedStmt, event->parsetree)->roles);
  }
  PG_RETURN_NULL();
}

}  // namespace vidyo_cdr
