// Refuses to drop ConferenceCall2 while it has records. PostgreSQL calls the hook for each object
// when it has found out what a command will drop and that the user may drop it; so DROP EXTENSION,
// DROP SCHEMA ... CASCADE and DROP OWNED, with any number of names, need no rules of their own, and
// a command that spares the table is left alone.
#include "drop_guard.hpp"

#include "access_entries.hpp"
#include "guard.hpp"
#include "local_settings.hpp"
#include "pg_headers.hpp"
#include "settings.hpp"

namespace vidyo_cdr {

namespace {

object_access_hook_type next_object_access_hook = nullptr;

// Whether the relation is a table of the extension that holds records, whatever its name is by now.
bool IsRecordTable(Oid relation) {
  if (get_rel_relkind(relation) != RELKIND_RELATION ||
      relation == FindAccessTable(get_rel_namespace(relation))) {
    return false;
  }
  const Oid extension = getExtensionOfObject(RelationRelationId, relation);
  return OidIsValid(extension) && extension == get_extension_oid("vidyo_cdr", true);
}

// Whether the table has a record, counting those that were committed after this transaction's
// snapshot was taken. With row_security off, a user from whom policies hide records gets an error
// rather than the wrong answer.
bool HasRecords(const char *table) {
  const int settings_level = EnterLocalSettings({{"row_security", "off"}});
  PushActiveSnapshot(GetLatestSnapshot());
  SPI_connect();
  const int result = SPI_execute(psprintf("SELECT FROM %s LIMIT 1", table), true, 1);
  if (result != SPI_OK_SELECT) {
    elog(ERROR, "could not look for records: %s", SPI_result_code_string(result));
  }
  const bool has_records = SPI_processed > 0;
  SPI_finish();
  PopActiveSnapshot();
  LeaveLocalSettings(settings_level);
  return has_records;
}

void RefuseToDropRecords(Oid relation) {
  const char *table = quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)),
                                                 get_rel_name(relation));
  if (pg_class_aclcheck(relation, GetUserId(), ACL_SELECT) != ACLCHECK_OK) {
    ereport(ERROR,
            (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
             errmsg("cannot drop extension vidyo_cdr because it may hold call detail records"),
             errdetail("You lack the privilege to look into table %s.", table),
             errhint("If its records may be lost, SET vidyo_cdr.allow_drop = on and repeat the "
                     "command.")));
  }
  if (HasRecords(table)) {
    ereport(ERROR, (errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
                    errmsg("cannot drop extension vidyo_cdr because it holds call detail records"),
                    errdetail("All records of table %s would be lost.", table),
                    errhint("Save the records, then SET vidyo_cdr.allow_drop = on and repeat the "
                            "command.")));
  }
}

void GuardObjectAccess(ObjectAccessType access, Oid class_id, Oid object_id, int sub_id,
                       void *arg) {
  if (next_object_access_hook != nullptr) {
    next_object_access_hook(access, class_id, object_id, sub_id, arg);
  }
  const bool drops_relation = access == OAT_DROP && class_id == RelationRelationId && sub_id == 0;
  if (drops_relation && !allow_drop && IsRecordTable(object_id)) {
    RefuseToDropRecords(object_id);
  }
}

void OnObjectAccess(ObjectAccessType access, Oid class_id, Oid object_id, int sub_id, void *arg) {
  VIDYO_CDR_GUARD(return GuardObjectAccess(access, class_id, object_id, sub_id, arg));
}

// The event trigger's function. Being called is all it is for: now the library is loaded.
Datum OnCommandStart(FunctionCallInfo fcinfo) {
  if (!CALLED_AS_EVENT_TRIGGER(fcinfo)) {
    ereport(ERROR, (errcode(ERRCODE_E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED),
                    errmsg("cdr_guard_drop must be called as an event trigger")));
  }
  PG_RETURN_NULL();
}

}  // namespace

void InstallDropGuard() {
  next_object_access_hook = object_access_hook;
  object_access_hook = OnObjectAccess;
}

}  // namespace vidyo_cdr

extern "C" {

PG_FUNCTION_INFO_V1(vidyo_cdr_guard_drop);

Datum vidyo_cdr_guard_drop(PG_FUNCTION_ARGS) {
  VIDYO_CDR_GUARD(return vidyo_cdr::OnCommandStart(fcinfo));
}

}  // extern "C"
