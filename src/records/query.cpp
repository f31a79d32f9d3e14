// The query behind an export. It names its table, columns and operators in full, so that no
// search_path can put others in their place.
#include "records/query.hpp"

#include "base/query.hpp"
#include "core/columns.hpp"

namespace vidyo_cdr {

namespace {

// The columns as the query names them: unquoted, so that they fold to the table's names.
void AppendColumns(StringInfo query, RecordColumns columns) {
  if (columns == RecordColumns::kJoinTime) {
    appendStringInfoString(query, kColumns[kJoinTime].name.data());
    return;
  }
  for (const Column &column : kColumns) {
    appendStringInfo(query, "%s%s", &column == kColumns ? "" : ", ", column.name.data());
  }
}

// The order of a tenant's records.
const char *OrderOf(RecordColumns columns) {
  return columns == RecordColumns::kAll ? "JoinTime, CallID" : "JoinTime";
}

// The records in the range that meet a further condition.
void AppendRangeQuery(StringInfo query, const Extension &extension, RecordColumns columns,
                      const char *condition) {
  appendStringInfoString(query, "SELECT ");
  AppendColumns(query, columns);
  appendStringInfo(query,
                   " FROM %s.ConferenceCall2"
                   " WHERE JoinTime OPERATOR(pg_catalog.>=) $1"
                   " AND JoinTime OPERATOR(pg_catalog.<) $2%s",
                   extension.quoted_schema, condition);
}

// The records of several tenants: an ordered scan of the index for each, which PostgreSQL merges.
// So nobody else's records are read, nothing is sorted, and the reading ends at the limit.
void AppendMergedQuery(StringInfo query, const Extension &extension, RecordColumns columns,
                       int tenant_count) {
  appendStringInfoString(query, "SELECT ");
  AppendColumns(query, columns);
  appendStringInfoString(query, " FROM (");
  for (int i = 1; i <= tenant_count; i++) {
    // The second condition follows from the others. It is one that only the index that begins with
    // the tenant can answer.
    const char *condition = psprintf(
        " AND TenantName OPERATOR(pg_catalog.=) ($3)[%d]"
        " AND ROW(TenantName, JoinTime) OPERATOR(pg_catalog.>=) ROW(($3)[%d], $1)",
        i, i);
    appendStringInfoString(query, i == 1 ? "(" : " UNION ALL (");
    AppendRangeQuery(query, extension, columns, condition);
    appendStringInfo(query, " ORDER BY %s)", OrderOf(columns));
  }
  appendStringInfoString(query, ") AS records");
}

void AppendOrderAndLimit(StringInfo query, const char *first_column, const ReadExtent &extent) {
  appendStringInfo(query, " ORDER BY %s%s", first_column, OrderOf(extent.columns));
  if (extent.max_records > 0) {
    appendStringInfo(query, " LIMIT %d", extent.max_records);
  }
}

// How many tenants are merged at most: planning grows with the square of their number
// (docs/performance.md).
constexpr int kMaxMergedTenants = 100;

}  // namespace

const Oid kReadParamTypes[kMaxReadParams] = {TIMESTAMPTZOID, TIMESTAMPTZOID, TEXTARRAYOID};

QueryForm QueryFormOf(const RecordScope &scope) {
  if (!scope.by_tenant) {
    return QueryForm::kAllTenants;
  }
  // A node plans its part of the query by its own statistics, and Citus merges the parts.
  if (scope.tenant_count > kMaxMergedTenants || scope.placement == Placement::kOnNodes) {
    return QueryForm::kManyTenants;
  }
  return scope.tenant_count > 1 ? QueryForm::kSeveralTenants : QueryForm::kOneTenant;
}

const char *ScopeCondition(const Extension &extension, const RecordScope &scope) {
  const char *tenants = scope.by_tenant ? " AND TenantName OPERATOR(pg_catalog.=) ANY ($3)" : "";
  if (!scope.asks_nodes) {
    return tenants;
  }
  return psprintf("%s AND %s.cdr_shard_sees_all(%s)", tenants, extension.quoted_schema,
                  scope.by_tenant ? "$3" : "NULL::pg_catalog.text[]");
}

int ReadParamCount(const RecordScope &scope) { return scope.by_tenant ? kMaxReadParams : 2; }

char *ReadQueryText(const Extension &extension, const RecordScope &scope,
                    const ReadExtent &extent) {
  StringInfoData query;
  initStringInfo(&query);
  switch (QueryFormOf(scope)) {
    case QueryForm::kAllTenants:
      AppendRangeQuery(&query, extension, extent.columns, ScopeCondition(extension, scope));
      AppendOrderAndLimit(&query, "", extent);
      break;
    case QueryForm::kOneTenant:
      // An array of one name, and the name in the ORDER BY, instead of plain equality: then only
      // the index that begins with the tenant gives the order, and the planner cannot fall back on
      // the other one and filter, as it does when a table's statistics know a single tenant.
      AppendRangeQuery(&query, extension, extent.columns,
                       " AND TenantName OPERATOR(pg_catalog.=) ANY ($3)");
      AppendOrderAndLimit(&query, "TenantName, ", extent);
      break;
    case QueryForm::kSeveralTenants:
      AppendMergedQuery(&query, extension, extent.columns, scope.tenant_count);
      AppendOrderAndLimit(&query, "", extent);
      break;
    case QueryForm::kManyTenants:
      AppendRangeQuery(&query, extension, extent.columns, ScopeCondition(extension, scope));
      AppendOrderAndLimit(&query, "", extent);
      break;
  }
  return query.data;
}

ParamListInfo ReadParams(const RecordRequest &request, const RecordScope &scope) {
  ParamListInfo params = makeParamList(ReadParamCount(scope));
  SetParam(params, 0, kReadParamTypes[0], TimestampTzGetDatum(request.start_time));
  SetParam(params, 1, kReadParamTypes[1], TimestampTzGetDatum(request.end_time));
  if (scope.by_tenant) {
    SetParam(params, 2, kReadParamTypes[2], PointerGetDatum(scope.tenants));
  }
  return params;
}

}  // namespace vidyo_cdr
