// cdr_distribute(): spreads ConferenceCall2 over the nodes of a Citus cluster by CallID, and gives
// each node a copy of the entries of access, which the policy on its shards reads.
//
// Citus copies a table's policies, privileges and triggers to its shards, and asks a node for
// records as the role that runs the query. So the policy of each shard keeps tenants apart, as it
// does on one server, and a changed entry makes the sessions on every node read the entries again.
#include "base/citus.hpp"
#include "base/postgres.hpp"
#include "base/statement.hpp"
#include "base/values.hpp"
#include "cluster/functions.hpp"
#include "cluster/tables.hpp"
#include "grants/dropped_roles.hpp"
#include "grants/row_security.hpp"

namespace vidyo_cdr {

namespace {

// What this node has of the extension.
constexpr const char *kInstalled = R"sql(
SELECT pg_catalog.concat('version ', e.extversion, ' in schema ', e.extnamespace::pg_catalog.regnamespace,
    ' with owner ', c.relowner::pg_catalog.regrole) AS has
FROM pg_catalog.pg_extension AS e
JOIN pg_catalog.pg_class AS c ON c.relnamespace OPERATOR(pg_catalog.=) e.extnamespace
    AND c.relname OPERATOR(pg_catalog.=) 'conferencecall2'
WHERE e.extname OPERATOR(pg_catalog.=) 'vidyo_cdr')sql";

// A node that has something else, if there is one. %1$s is the query above, %2$s the same as a
// literal.
constexpr const char *kDifferentNode = R"sql(
SELECT pg_catalog.concat(node.nodename, ':', node.nodeport), answer.result, here.has, answer.success
FROM (%1$s) AS here, pg_catalog.run_command_on_all_nodes(%2$s) AS answer
JOIN pg_catalog.pg_dist_node AS node ON node.nodeid OPERATOR(pg_catalog.=) answer.nodeid
WHERE (answer.success AND answer.result OPERATOR(pg_catalog.=) here.has) IS NOT TRUE
LIMIT 1)sql";

// Whether Citus knows how other nodes reach this one, which then gets a copy of the entries, too.
constexpr const char *kIsNode =
    "SELECT FROM pg_catalog.pg_dist_node WHERE groupid OPERATOR(pg_catalog.=) 0";

// %1$s is ConferenceCall2, %2$s the extension's schema.
constexpr const char *kShardPolicy = R"sql(
ALTER POLICY cdr_tenants ON %1$s USING (%2$s.cdr_shard_sees_tenant(TenantName)))sql";

constexpr const char *kShareAccess = "SELECT pg_catalog.create_reference_table($1)";

// By itself: other tables' shards would have to move along with its own.
constexpr const char *kDistributeRecords = R"sql(
SELECT pg_catalog.create_distributed_table($1, 'callid', colocate_with => 'none'))sql";

// Removes the rows that Citus leaves in the table itself.
constexpr const char *kRemoveLocalRows =
    "SELECT pg_catalog.truncate_local_data_after_distributing_table($1)";

constexpr const char *kCountNodes = R"sql(
SELECT pg_catalog.count(DISTINCT placement.groupid)
FROM pg_catalog.pg_dist_shard AS shard
JOIN pg_catalog.pg_dist_placement AS placement ON placement.shardid OPERATOR(pg_catalog.=) shard.shardid
WHERE shard.logicalrelid OPERATOR(pg_catalog.=) $1)sql";

constexpr const char *kCountShards = R"sql(
SELECT pg_catalog.count(*) FROM pg_catalog.pg_dist_shard
WHERE logicalrelid OPERATOR(pg_catalog.=) $1)sql";

// A text in the first row of the result; empty when it is NULL.
const char *TextResult(int column) {
  const char *value = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, column);
  return value == nullptr ? "" : value;
}

void RequireNotDistributed(Oid records) {
  if (CitusTableOf(records) != CitusTable::kNone) {
    ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                    errmsg("%s is already distributed", QuotedRelationName(records))));
  }
}

void RequireCoordinator() {
  if (!IsCoordinator() || RunStatement(kIsNode, SPI_OK_SELECT, {}) == 0) {
    ereport(ERROR,
            (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
             errmsg("this server is not the coordinator of a Citus cluster"),
             errhint("Connect to the coordinator. If this is to be the coordinator, call "
                     "citus_set_coordinator_host with the name by which other nodes reach it.")));
  }
}

void ReportSilentNode(const char *node, const char *answer) {
  ereport(ERROR,
          (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
           errmsg("node %s of the Citus cluster does not answer", node), errdetail("%s", answer)));
}

void ReportDifferentNode(const char *node, const char *has, const char *has_here) {
  ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                  errmsg("extension vidyo_cdr on node %s is not the same as here", node),
                  errdetail("The node has %s; this server has %s.", *has == '\0' ? "nothing" : has,
                            has_here),
                  errhint("Install the same package on all nodes, then run CREATE EXTENSION or "
                          "ALTER EXTENSION vidyo_cdr UPDATE on that node.")));
}

void RequireSameExtensionEverywhere() {
  const char *query = psprintf(kDifferentNode, kInstalled, quote_literal_cstr(kInstalled));
  if (RunStatement(query, SPI_OK_SELECT, {}) == 0) {
    return;
  }
  const char *node = TextResult(1);
  const char *answer = TextResult(2);
  if (DatumGetBool(ResultValue(0, 4))) {
    ReportDifferentNode(node, answer, TextResult(3));
  }
  ReportSilentNode(node, answer);
}

// Citus copies triggers to shards only when told that this is safe. Those on the entries change
// nothing but what sessions remember.
void ShareAccess(Oid access) {
  const int level = EnterLocalSettings({{"citus.enable_unsafe_triggers", "on"}});
  RunOn(access, kShareAccess);
  LeaveLocalSettings(level);
}

// Moves the rows, without Citus's notices of local rows that are removed at once. Citus writes what
// it copies to the nodes, such as constraints, as the search_path has it.
void Distribute(const ClusterTables &tables) {
  const int level = EnterLocalSettings(
      {{"client_min_messages", "warning"}, {"search_path", "pg_catalog, pg_temp"}});
  RunStatement(
      psprintf(kShardPolicy, QuotedRelationName(tables.records), tables.extension.quoted_schema),
      SPI_OK_UTILITY, {});
  ShareAccess(tables.access);
  RunOn(tables.records, kDistributeRecords);
  RunOn(tables.access, kRemoveLocalRows);
  RunOn(tables.records, kRemoveLocalRows);
  LeaveLocalSettings(level);
}

}  // namespace

Datum CdrDistribute(FunctionCallInfo) {
  const ClusterTables tables = LockClusterTables("cdr_distribute()");
  RequireNotDistributed(tables.records);
  RequireRowSecurity(tables.extension, tables.records, true);
  RequireOwnerSeesAll(tables);
  SPI_connect();
  RequireUnpublished(tables);
  RequireCoordinator();
  RequireSameExtensionEverywhere();
  DeleteEntriesOfDroppedRoles(tables.extension, tables.access);  // which other nodes could not read
  Distribute(tables);
  Datum values[] = {Int64GetDatum(ReadNumber(tables.records, kCountNodes)),
                    Int64GetDatum(ReadNumber(tables.records, kCountShards)),
                    Int64GetDatum(CountRecords(tables))};
  SPI_finish();
  constexpr ColumnOfRows kResult[] = {
      {"nodes", INT8OID}, {"shards", INT8OID}, {"records", INT8OID}};
  bool nulls[lengthof(values)] = {};
  return RowOf(kResult, values, nulls);
}

}  // namespace vidyo_cdr
