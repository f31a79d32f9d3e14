// Which privileges each kind of access needs: this list is the one place that says so.
#include "grants/privileges.hpp"

#include "access/entries.hpp"
#include "base/placement.hpp"
#include "base/statement.hpp"

namespace vidyo_cdr {

namespace {

enum class ObjectKind { kSchema, kRelation, kFunction };

struct NeededPrivilege {
  bool AccessNeeds::*need;
  const char *privileges;
  ObjectKind kind;
  const char *object;  // of the extension; nullptr: its schema
};

// What everybody may do, such as calling export_cdr, needs no entry.
constexpr NeededPrivilege kNeededPrivileges[] = {
    {&AccessNeeds::reading, "USAGE", ObjectKind::kSchema, nullptr},
    {&AccessNeeds::reading, "SELECT", ObjectKind::kRelation, "conferencecall2"},
    {&AccessNeeds::importing, "INSERT, UPDATE", ObjectKind::kRelation, "conferencecall2"},
    {&AccessNeeds::importing, "SELECT, USAGE, UPDATE", ObjectKind::kRelation,
     "conferencecall2_callid_seq"},
    {&AccessNeeds::importing, "SELECT, INSERT, UPDATE", ObjectKind::kRelation, "cdr_import"},
    {&AccessNeeds::importing, "SELECT, INSERT, UPDATE", ObjectKind::kRelation, "cdr_import_reject"},
    {&AccessNeeds::importing, "SELECT, INSERT, UPDATE, DELETE", ObjectKind::kRelation, "cdr_feed"},
    {&AccessNeeds::importing, "SELECT, INSERT, UPDATE, DELETE", ObjectKind::kRelation,
     "cdr_feed_gap"},
    {&AccessNeeds::importing, "EXECUTE", ObjectKind::kFunction, "import_cdr"},
    {&AccessNeeds::importing, "EXECUTE", ObjectKind::kFunction, "import_cdr_file"},
    {&AccessNeeds::importing, "EXECUTE", ObjectKind::kFunction, "sync_cdr"},
    {&AccessNeeds::purging, "DELETE", ObjectKind::kRelation, "conferencecall2"},
    {&AccessNeeds::purging, "SELECT, DELETE", ObjectKind::kRelation, "cdr_import_reject"},
    {&AccessNeeds::purging, "SELECT, INSERT, UPDATE", ObjectKind::kRelation, "cdr_purge"},
    {&AccessNeeds::purging, "EXECUTE", ObjectKind::kFunction, "purge_cdr"},
    {&AccessNeeds::purging, "EXECUTE", ObjectKind::kFunction, "cdr_forget_purge"},
};

// How often privileges are changed anew when others change them at the same time.
constexpr int kMaxTries = 20;

// The extension's function as GRANT names it, with its arguments: others may have its name.
const char *FunctionName(const Extension &extension, const char *name) {
  const Oid function = FindMemberFunction(extension, name);
  if (!OidIsValid(function)) {
    ereport(ERROR, (errcode(ERRCODE_UNDEFINED_FUNCTION),
                    errmsg("function %s of extension vidyo_cdr is missing", name),
                    errhint("Run ALTER EXTENSION vidyo_cdr UPDATE to update the extension's "
                            "objects to the library's version.")));
  }
  return psprintf("ROUTINE %s", format_procedure_qualified(function));
}

// The object that GRANT and REVOKE are about, with the word that tells its kind.
const char *ObjectName(const Extension &extension, const NeededPrivilege &needed) {
  switch (needed.kind) {
    case ObjectKind::kSchema:
      return psprintf("SCHEMA %s", extension.quoted_schema);
    case ObjectKind::kFunction:
      return FunctionName(extension, needed.object);
    case ObjectKind::kRelation:
      break;
  }
  const Oid relation = LockMemberTable(needed.object, AccessShareLock);
  return psprintf("%s %s", get_rel_relkind(relation) == RELKIND_SEQUENCE ? "SEQUENCE" : "TABLE",
                  quote_qualified_identifier(extension.schema_name, needed.object));
}

// Runs one GRANT or REVOKE for each of the privileges. `format` has the places of the privileges,
// the object and the role.
void ChangePrivileges(const char *format, Oid role, AccessNeeds needs) {
  const Extension extension = GetExtension();
  const char *role_name = quote_identifier(GetUserNameFromId(role, false));
  for (const NeededPrivilege &needed : kNeededPrivileges) {
    if (needs.*needed.need) {
      RunStatement(psprintf(format, needed.privileges, ObjectName(extension, needed), role_name),
                   SPI_OK_UTILITY, {});
    }
  }
}

// Whether another session has changed the same catalog row: PostgreSQL waits for its end, and then
// reports what it calls an internal error.
bool IsConcurrentChange(const ErrorData &error) {
  return error.sqlerrcode == ERRCODE_INTERNAL_ERROR &&
         (strcmp(error.message, "tuple concurrently updated") == 0 ||
          strcmp(error.message, "tuple concurrently deleted") == 0);
}

// The same, again where others come between.
void ChangePrivilegesInTurn(const char *format, Oid role, AccessNeeds needs) {
  for (int tries = 0; tries < kMaxTries; tries++) {
    CHECK_FOR_INTERRUPTS();
    ErrorData *error = TryInSubtransaction([&] { ChangePrivileges(format, role, needs); });
    if (error == nullptr) {
      return;
    }
    if (!IsConcurrentChange(*error)) {
      ReThrowError(error);
    }
    FreeErrorData(error);
  }
  ereport(
      ERROR,
      (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
       errmsg(
           "could not change privileges on the extension's objects because of concurrent changes"),
       errhint("Try again.")));
}

}  // namespace

void AccessNeeds::Add(const char *access) {
  reading = true;
  importing |= strcmp(access, kImportAccess) == 0;
  purging |= strcmp(access, kPurgeAccess) == 0;
}

AccessNeeds NeedsOfRole(Oid role, Oid access_table) {
  AccessNeeds needs;
  Relation relation = table_open(EntriesOfAccess(access_table), AccessShareLock);
  VisitAccessEntries(relation, [&](const AccessEntry &entry) {
    if (entry.role == role) {
      needs.reading = true;
      needs.importing |= entry.is_import;
      needs.purging |= entry.is_purge;
    }
  });
  table_close(relation, AccessShareLock);
  return needs;
}

void GrantPrivileges(Oid role, AccessNeeds needs) {
  ChangePrivilegesInTurn("GRANT %s ON %s TO %s", role, needs);
}

void RevokePrivileges(Oid role, AccessNeeds needs) {
  ChangePrivilegesInTurn("REVOKE %s ON %s FROM %s", role, needs);
}

}  // namespace vidyo_cdr
