// Refuses to drop the extension while its tables, or tables that inherit from them, have rows.
// PostgreSQL calls the hook for each object when it has found out what a command will drop and that
// the user may drop it; so DROP EXTENSION, DROP SCHEMA ... CASCADE and DROP OWNED, with any number
// of names, need no rules of their own, and a command that spares the extension is left alone.
#include "records/drop_guard.hpp"

#include "records/functions.hpp"
#include "base/citus.hpp"
#include "base/extension.hpp"
#include "base/guard.hpp"
#include "base/held_lock.hpp"
#include "base/postgres.hpp"
#include "base/settings.hpp"
#include "base/statement.hpp"

namespace vidyo_cdr {

namespace {

object_access_hook_type next_object_access_hook = nullptr;

// Whether a command of this transaction is dropping the extension: it has locked all that it is
// going to drop before it drops the first of it.
bool IsBeingDropped(const Extension &extension) {
  LOCKTAG lock;
  SET_LOCKTAG_OBJECT(lock, MyDatabaseId, ExtensionRelationId, extension.oid, 0);
  return HoldsLock(lock, AccessExclusiveLock);
}

// The OIDs of the extension's relations, whatever their names are by now, and of all that inherit
// from them. The entries of access are left out: who may see records is not worth keeping without
// any.
List *GuardedRelations(const Extension &extension) {
  const Oid access_table = FindMemberRelation(extension, "cdr_role_access");
  List *relations = NIL;
  Relation depend = table_open(DependRelationId, AccessShareLock);
  ScanKeyData keys[2];
  ScanKeyInit(&keys[0], Anum_pg_depend_refclassid, BTEqualStrategyNumber, F_OIDEQ,
              ObjectIdGetDatum(ExtensionRelationId));
  ScanKeyInit(&keys[1], Anum_pg_depend_refobjid, BTEqualStrategyNumber, F_OIDEQ,
              ObjectIdGetDatum(extension.oid));
  SysScanDesc scan = systable_beginscan(depend, DependReferenceIndexId, true, nullptr, 2, keys);
  while (HeapTuple found = systable_getnext(scan)) {
    const auto *row = reinterpret_cast<Form_pg_depend>(GETSTRUCT(found));
    if (row->classid == RelationRelationId && row->deptype == DEPENDENCY_EXTENSION &&
        row->objid != access_table) {
      List *family = find_all_inheritors(row->objid, NoLock, nullptr);
      relations = list_concat_unique_oid(relations, family);
    }
  }
  systable_endscan(scan);
  table_close(depend, AccessShareLock);
  return relations;
}

// Whether the table itself has a row, counting those that were committed after this transaction's
// snapshot was taken. With row_security off, a user from whom policies hide rows gets an error
// rather than the wrong answer, as does one who may not look at all.
bool HasRows(Oid relation) {
  const char *table = QuotedRelationName(relation);
  if (pg_class_aclcheck(relation, GetUserId(), ACL_SELECT) != ACLCHECK_OK) {
    ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
                    errmsg("cannot drop extension vidyo_cdr because its data might be lost"),
                    errdetail("You do not have permission to read table %s.", table),
                    errhint("If you do not need its rows, set vidyo_cdr.allow_drop to on and run "
                            "the command again.")));
  }
  const int settings_level = EnterLocalSettings({{"row_security", "off"}});
  PushActiveSnapshot(GetLatestSnapshot());
  SPI_connect();
  const int result = SPI_execute(psprintf("SELECT FROM ONLY %s LIMIT 1", table), true, 1);
  if (result != SPI_OK_SELECT) {
    elog(ERROR, "could not look for rows: %s", SPI_result_code_string(result));
  }
  const bool has_rows = SPI_processed > 0;
  SPI_finish();
  PopActiveSnapshot();
  LeaveLocalSettings(settings_level);
  return has_rows;
}

// Raises the error, which names all tables that have rows.
void RefuseToDropRows(List *guarded) {
  StringInfoData tables;
  initStringInfo(&tables);
  ListCell *cell;
  foreach (cell, guarded) {
    const Oid relation = lfirst_oid(cell);
    if (get_rel_relkind(relation) == RELKIND_RELATION && HasRows(relation)) {
      appendStringInfo(&tables, "%s%s", tables.len > 0 ? ", " : "", QuotedRelationName(relation));
    }
  }
  ereport(ERROR, (errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
                  errmsg("cannot drop extension vidyo_cdr because its data would be lost"),
                  errdetail("These tables are not empty: %s.", tables.data),
                  errhint("Back up what you need, then set vidyo_cdr.allow_drop to on and run the "
                          "command again.")));
}

// Whether Citus has rows of the table on other nodes, where it would leave them behind.
bool IsShared(Oid relation) {
  const CitusTable kind = CitusTableOf(relation);
  return kind == CitusTable::kDistributed || kind == CitusTable::kReference;
}

void RefuseToDropShards(Oid relation) {
  ereport(ERROR,
          (errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
           errmsg("cannot drop extension vidyo_cdr while %s is distributed over a Citus cluster",
                  QuotedRelationName(relation)),
           errhint("Call cdr_undistribute() first.")));
}

// Lets a table be dropped unless the extension goes with it and its rows are guarded.
void GuardTable(Oid relation) {
  const Extension extension = FindExtension();
  if (!extension.Exists() || !IsBeingDropped(extension)) {
    return;
  }
  if (IsShared(relation)) {
    RefuseToDropShards(relation);
  }
  if (settings.allow_drop) {
    return;
  }
  List *guarded = GuardedRelations(extension);
  if (list_member_oid(guarded, relation) && HasRows(relation)) {
    RefuseToDropRows(guarded);
  }
}

void GuardObjectAccess(ObjectAccessType access, Oid class_id, Oid object_id, int sub_id,
                       void *arg) {
  if (next_object_access_hook != nullptr) {
    next_object_access_hook(access, class_id, object_id, sub_id, arg);
  }
  const bool drops_relation = access == OAT_DROP && class_id == RelationRelationId && sub_id == 0;
  if (drops_relation && get_rel_relkind(object_id) == RELKIND_RELATION) {
    GuardTable(object_id);
  }
}

void OnObjectAccess(ObjectAccessType access, Oid class_id, Oid object_id, int sub_id, void *arg) {
  VIDYO_CDR_GUARD(return GuardObjectAccess(access, class_id, object_id, sub_id, arg));
}

}  // namespace

void InstallDropGuard() {
  next_object_access_hook = object_access_hook;
  object_access_hook = OnObjectAccess;
}

// The event trigger's function. Being called is all it is for: now the library is loaded.
Datum CdrGuardDrop(FunctionCallInfo fcinfo) {
  if (!CALLED_AS_EVENT_TRIGGER(fcinfo)) {
    ereport(ERROR, (errcode(ERRCODE_E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED),
                    errmsg("cdr_guard_drop must be called as an event trigger")));
  }
  PG_RETURN_NULL();
}

}  // namespace vidyo_cdr
