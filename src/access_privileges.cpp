// Which privileges each kind of access needs: this list is the one place that says so.
#include "access_privileges.hpp"

#include "access_entries.hpp"
#include "statement.hpp"

namespace vidyo_cdr {

namespace {

struct NeededPrivilege {
  bool for_import_only;
  const char *privileges;
  const char *kind;    // of object
  const char *object;  // in the extension's schema; nullptr: the schema itself
};

// What everybody may do, such as calling export_cdr, needs no entry.
constexpr NeededPrivilege kNeededPrivileges[] = {
    {false, "USAGE", "SCHEMA", nullptr},
    {false, "SELECT", "TABLE", "conferencecall2"},
    {true, "INSERT, UPDATE", "TABLE", "conferencecall2"},
    {true, "SELECT, USAGE, UPDATE", "SEQUENCE", "conferencecall2_callid_seq"},
    {true, "SELECT, INSERT, UPDATE", "TABLE", "cdr_import"},
    {true, "SELECT, INSERT, UPDATE", "TABLE", "cdr_import_reject"},
    {true, "SELECT, INSERT, UPDATE, DELETE", "TABLE", "cdr_feed"},
    {true, "SELECT, INSERT, UPDATE, DELETE", "TABLE", "cdr_feed_gap"},
    {true, "EXECUTE", "FUNCTION", "import_cdr"},
    {true, "EXECUTE", "FUNCTION", "import_cdr_file"},
    {true, "EXECUTE", "PROCEDURE", "sync_cdr"},
};

// Which kinds of entries a role has.
struct Entries {
  bool any = false;
  bool import = false;
};

// Reads a role's entries as they are now: a query in a repeatable read transaction would not know
// what others have committed while this one waited for its turn.
Entries FindEntries(Oid role, Oid schema) {
  Entries entries;
  Relation relation = table_open(FindAccessTable(schema), AccessShareLock);
  const TupleDesc columns = RelationGetDescr(relation);
  VisitAccessEntries(relation, [&](HeapTuple entry) {
    bool is_null;
    if (DatumGetObjectId(heap_getattr(entry, kAccessRoleColumn, columns, &is_null)) == role) {
      const Datum kind = heap_getattr(entry, kAccessKindColumn, columns, &is_null);
      entries.any = true;
      entries.import |= strcmp(TextDatumGetCString(kind), kImportAccess) == 0;
    }
  });
  table_close(relation, AccessShareLock);
  return entries;
}

}  // namespace

void SyncPrivileges(Oid role, Oid schema_id) {
  const char *schema = get_namespace_name(schema_id);
  const char *role_name = quote_identifier(GetUserNameFromId(role, false));
  const Entries entries = FindEntries(role, schema_id);
  for (const NeededPrivilege &needed : kNeededPrivileges) {
    const char *object = needed.object == nullptr
                             ? quote_identifier(schema)
                             : quote_qualified_identifier(schema, needed.object);
    const bool grant = needed.for_import_only ? entries.import : entries.any;
    RunStatement(psprintf("%s %s ON %s %s %s %s", grant ? "GRANT" : "REVOKE", needed.privileges,
                          needed.kind, object, grant ? "TO" : "FROM", role_name),
                 SPI_OK_UTILITY, {});
  }
}

}  // namespace vidyo_cdr
