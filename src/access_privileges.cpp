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

// Whether the role has an entry, of that kind or, without one, of any.
bool HasEntry(Oid role, const char *schema, const char *kind) {
  const char *query = psprintf(
      "SELECT FROM %s.cdr_role_access WHERE role OPERATOR(pg_catalog.=) $1"
      " AND ($2 IS NULL OR access OPERATOR(pg_catalog.=) $2) LIMIT 1",
      quote_identifier(schema));
  const bool any_kind = kind == nullptr;
  return RunStatement(query, SPI_OK_SELECT,
                      {{OIDOID, ObjectIdGetDatum(role)},
                       {TEXTOID, CStringGetTextDatum(any_kind ? "" : kind), any_kind}}) > 0;
}

}  // namespace

void SyncPrivileges(Oid role, const char *schema) {
  const char *role_name = quote_identifier(GetUserNameFromId(role, false));
  const bool has_any = HasEntry(role, schema, nullptr);
  const bool has_import = HasEntry(role, schema, kImportAccess);
  for (const NeededPrivilege &needed : kNeededPrivileges) {
    const char *object = needed.object == nullptr
                             ? quote_identifier(schema)
                             : quote_qualified_identifier(schema, needed.object);
    const bool grant = needed.for_import_only ? has_import : has_any;
    RunStatement(psprintf("%s %s ON %s %s %s %s", grant ? "GRANT" : "REVOKE", needed.privileges,
                          needed.kind, object, grant ? "TO" : "FROM", role_name),
                 SPI_OK_UTILITY, {});
  }
}

}  // namespace vidyo_cdr
