// cdr_undistribute(): brings the rows of the tables that a cluster shares back to this server.
//
// Citus's undistribute_table makes another table and drops the old one, which an extension does not
// let go. So this keeps the table, and does otherwise what Citus does when a table is dropped.
#include "access/policy_role_type.hpp"
#include "base/citus.hpp"
#include "base/postgres.hpp"
#include "base/statement.hpp"
#include "cluster/functions.hpp"
#include "cluster/tables.hpp"

namespace vidyo_cdr {

namespace {

// The rows on their way. %1$s is the table, %2$s are its columns.
constexpr const char *kKeepRows = R"sql(
CREATE TEMPORARY TABLE vidyo_cdr_rows ON COMMIT DROP AS SELECT %2$s FROM %1$s)sql";
constexpr const char *kBringBackRows = R"sql(
INSERT INTO %1$s (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM pg_temp.vidyo_cdr_rows)sql";
constexpr const char *kDropKeptRows = "DROP TABLE pg_temp.vidyo_cdr_rows";

// What Citus calls for each table that is dropped. $1 is the table, $2 its schema and $3 its name.
constexpr const char *kForgetShards[] = {
    "SELECT pg_catalog.master_remove_distributed_table_metadata_from_workers($1, $2, $3)",
    "SELECT pg_catalog.citus_drop_all_shards($1, $2, $3)",
    "SELECT pg_catalog.master_remove_partition_metadata($1, $2, $3)"};

// The trigger that Citus adds, which would not let the table be truncated later. $1 is the table.
constexpr const char *kFindTrigger = R"sql(
SELECT tgname::pg_catalog.text FROM pg_catalog.pg_trigger
WHERE tgrelid OPERATOR(pg_catalog.=) $1
    AND tgfoid OPERATOR(pg_catalog.=) 'pg_catalog.citus_truncate_trigger'::pg_catalog.regproc)sql";

// %1$s is ConferenceCall2, %2$s the extension's schema.
constexpr const char *kPolicy = R"sql(
ALTER POLICY cdr_tenants ON %1$s
    USING (%2$s.cdr_policy_sees_tenant(TenantName, 'current role')))sql";

void RequireDistributed(Oid records) {
  if (CitusTableOf(records) != CitusTable::kDistributed) {
    ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                    errmsg("%s is not distributed", QuotedRelationName(records))));
  }
}

// The columns of a table that are not computed from others.
const char *StoredColumns(Oid table) {
  StringInfoData names;
  initStringInfo(&names);
  Relation relation = table_open(table, NoLock);
  const TupleDesc columns = RelationGetDescr(relation);
  for (int i = 0; i < columns->natts; i++) {
    const Form_pg_attribute column = TupleDescAttr(columns, i);
    if (!column->attisdropped && column->attgenerated == '\0') {
      appendStringInfo(&names, "%s%s", names.len > 0 ? ", " : "",
                       quote_identifier(NameStr(column->attname)));
    }
  }
  table_close(relation, NoLock);
  return names.data;
}

// Citus lets each table that it manages depend on its extension.
void ForgetCitus(Oid table) {
  deleteDependencyRecordsForSpecific(RelationRelationId, table, DEPENDENCY_NORMAL,
                                     ExtensionRelationId, get_extension_oid("citus", false));
}

void DropTruncateTrigger(Oid table) {
  if (RunStatement(kFindTrigger, SPI_OK_SELECT, {{OIDOID, ObjectIdGetDatum(table)}}) > 0) {
    const char *trigger = TextDatumGetCString(ResultValue(0, 1));
    RunStatement(
        psprintf("DROP TRIGGER %s ON %s", quote_identifier(trigger), QuotedRelationName(table)),
        SPI_OK_UTILITY, {});
  }
}

void BringBack(const ClusterTables &tables, Oid table) {
  const char *name = QuotedRelationName(table);
  const char *columns = StoredColumns(table);
  RunStatement(psprintf(kKeepRows, name, columns), SPI_OK_UTILITY, {});
  for (const char *step : kForgetShards) {
    RunStatement(step, SPI_OK_SELECT,
                 {{REGCLASSOID, ObjectIdGetDatum(table)},
                  TextParameter(tables.extension.schema_name),
                  TextParameter(get_rel_name(table))});
  }
  DropTruncateTrigger(table);
  ForgetCitus(table);
  RunStatement(psprintf(kBringBackRows, name, columns), SPI_OK_INSERT, {});
  RunStatement(kDropKeptRows, SPI_OK_UTILITY, {});
}

}  // namespace

Datum CdrUndistribute(FunctionCallInfo) {
  const ClusterTables tables = LockClusterTables("cdr_undistribute()");
  RequireDistributed(tables.records);
  RequireOwnerSeesAll(tables);
  SPI_connect();
  RequireUnpublished(tables);
  BringBack(tables, tables.records);
  BringBack(tables, tables.access);
  RunPolicyStatement(
      psprintf(kPolicy, QuotedRelationName(tables.records), tables.extension.quoted_schema));
  const int64_t records = CountRecords(tables);
  SPI_finish();
  PG_RETURN_INT64(records);
}

}  // namespace vidyo_cdr
