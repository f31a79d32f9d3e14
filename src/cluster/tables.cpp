// Getting hold of the tables that a cluster shares.
#include "cluster/tables.hpp"

#include "base/statement.hpp"

namespace vidyo_cdr {

namespace {

void RequireCitus() {
  if (!OidIsValid(get_extension_oid("citus", true))) {
    ereport(ERROR,
            (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
             errmsg("Citus is not installed in this database"),
             errhint("docs/scaling.md tells when a cluster is worth its price, and how to set "
                     "one up.")));
  }
}

void RequireOwner(Oid table, const char *name) {
  if (OidIsValid(table) && !CallerOwns(table)) {
    aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_TABLE, name);
  }
}

// Others than the owner do not get to wait for the lock, which would make everybody wait.
Oid LockOwnTable(const char *name) {
  RequireOwner(FindMemberRelation(GetExtension(), name), name);
  const Oid table = LockMemberTable(name, AccessExclusiveLock);
  RequireOwner(table, name);
  return table;
}

}  // namespace

ClusterTables LockClusterTables(const char *function) {
  PreventCommandIfReadOnly(function);
  RequireCitus();
  ClusterTables tables = {};
  tables.access = LockOwnTable(kAccessTable);  // first, as for a grant
  tables.records = LockOwnTable(kRecordsTable);
  tables.extension = GetExtension();
  return tables;
}

void RequireOwnerSeesAll(const ClusterTables &tables) {
  if (PoliciesHold(tables.records)) {
    ereport(ERROR,
            (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
             errmsg("row security holds for the owner of %s", QuotedRelationName(tables.records)),
             errhint("Use ALTER TABLE ... NO FORCE ROW LEVEL SECURITY.")));
  }
}

void RequireUnpublished(const ClusterTables &tables) {
  const char *query = psprintf(
      "SELECT pubname::pg_catalog.text FROM pg_catalog.pg_publication_tables"
      " WHERE schemaname OPERATOR(pg_catalog.=) %s AND tablename OPERATOR(pg_catalog.=) ANY "
      "('{%s,%s}')",
      quote_literal_cstr(tables.extension.schema_name), kRecordsTable, kAccessTable);
  if (RunStatement(query, SPI_OK_SELECT, {}) > 0) {
    ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                    errmsg("publication \"%s\" has tables of extension vidyo_cdr",
                           TextDatumGetCString(ResultValue(0, 1))),
                    errdetail("Its subscribers would lose their records."),
                    errhint("Drop the publication, or take the tables out of it.")));
  }
}

void RunOn(Oid table, const char *statement) {
  RunStatement(statement, SPI_OK_SELECT, {{REGCLASSOID, ObjectIdGetDatum(table)}});
}

int64_t ReadNumber(Oid table, const char *query) {
  RunOn(table, query);
  return DatumGetInt64(ResultValue(0, 1));
}

int64_t CountRecords(const ClusterTables &tables) {
  RunStatement(psprintf("SELECT pg_catalog.count(*) FROM %s", QuotedRelationName(tables.records)),
               SPI_OK_SELECT, {});
  return DatumGetInt64(ResultValue(0, 1));
}

}  // namespace vidyo_cdr
