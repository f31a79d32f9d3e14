// PostgreSQL's parser, planner and executor, one after the other.
#include "base/query.hpp"

namespace vidyo_cdr {

void SetParam(ParamListInfo params, int index, Oid type, Datum value, bool is_null) {
  Assert(index < params->numParams);
  ParamExternData &param = params->params[index];
  param.value = value;
  param.isnull = is_null;
  param.pflags = PARAM_FLAG_CONST;
  param.ptype = type;
}

PlannedQuery PlanQuery(const char *text, const Oid *param_types, int param_count,
                       ParamListInfo params) {
  RawStmt *statement = linitial_node(RawStmt, pg_parse_query(text));
  List *queries =
      pg_analyze_and_rewrite_fixedparams(statement, text, param_types, param_count, nullptr);
  Query *query = linitial_node(Query, queries);
  List *relations;
  List *other_dependencies;
  bool has_row_security;
  extract_query_dependencies(reinterpret_cast<Node *>(query), &relations, &other_dependencies,
                             &has_row_security);
#if PG_VERSION_NUM >= 190000
  return {pg_plan_query(query, text, 0, params, nullptr), relations};
#else
  return {pg_plan_query(query, text, 0, params), relations};
#endif
}

uint64 RunPlan(PlannedStmt *plan, const char *text, ParamListInfo params, DestReceiver *receiver,
               uint64 max_rows) {
  QueryDesc *query = CreateQueryDesc(plan, text, GetActiveSnapshot(), InvalidSnapshot, receiver,
                                     params, nullptr, 0);
  ExecutorStart(query, 0);
#if PG_VERSION_NUM >= 180000
  ExecutorRun(query, ForwardScanDirection, max_rows);
#else
  ExecutorRun(query, ForwardScanDirection, max_rows, true);
#endif
  const uint64 rows = query->estate->es_processed;
  ExecutorFinish(query);
  ExecutorEnd(query);
  FreeQueryDesc(query);
  return rows;
}

}  // namespace vidyo_cdr
