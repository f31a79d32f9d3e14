// PostgreSQL's plan cache, which plans a query again when its table, or what its plan was made for,
// has changed. SPI would keep the plan too, but shows the query's text with every error.
#include "records/plan.hpp"

#include "access/decided_policy.hpp"
#include "base/query.hpp"
#include "base/statement.hpp"
#include "records/query.hpp"

namespace vidyo_cdr {

namespace {

// A query that this session has planned before, and what its text was made for.
struct CachedQuery {
  CachedPlanSource *source = nullptr;
  int max_records = 0;
  int tenant_count = 0;
  bool asks_nodes = false;
  NameData schema = {};
};

// One for each form of the query and what it reads of a record.
CachedQuery cached_queries[kQueryFormCount][kRecordColumnsCount];

CachedQuery *PlaceOf(const RecordScope &scope, const ReadExtent &extent) {
  return &cached_queries[static_cast<int>(QueryFormOf(scope))][static_cast<int>(extent.columns)];
}

// Only the text of the merged form depends on how many tenants there are.
int TenantCountInText(const RecordScope &scope) {
  return QueryFormOf(scope) == QueryForm::kSeveralTenants ? scope.tenant_count : 0;
}

bool IsFor(const CachedQuery &cached, const Extension &extension, const RecordScope &scope,
           const ReadExtent &extent) {
  return cached.source != nullptr && cached.max_records == extent.max_records &&
         cached.tenant_count == TenantCountInText(scope) && cached.asks_nodes == scope.asks_nodes &&
         strcmp(NameStr(cached.schema), extension.schema_name) == 0;
}

// Analyzes the query's text; the result lives as long as the session.
CachedPlanSource *MakeSource(const char *text, const RecordScope &scope) {
  RawStmt *statement = linitial_node(RawStmt, pg_parse_query(text));
  CachedPlanSource *source = CreateCachedPlan(statement, text, CMDTAG_SELECT);
  const int param_count = ReadParamCount(scope);
  Oid types[kMaxReadParams];
  memcpy(types, kReadParamTypes, sizeof types);
  List *queries = pg_analyze_and_rewrite_fixedparams(statement, text, types, param_count, nullptr);
  CompleteCachedPlan(source, queries, nullptr, types, param_count, nullptr, nullptr, 0, false);
  SaveCachedPlan(source);
  return source;
}

// Makes a query for this session, unless the one that was cached still fits.
void MakeFit(CachedQuery *cached, const Extension &extension, const RecordScope &scope,
             const ReadExtent &extent) {
  if (IsFor(*cached, extension, scope, extent)) {
    return;
  }
  CachedPlanSource *source = MakeSource(ReadQueryText(extension, scope, extent), scope);
  if (cached->source != nullptr) {
    DropCachedPlan(cached->source);
  }
  cached->source = source;
  cached->max_records = extent.max_records;
  cached->tenant_count = TenantCountInText(scope);
  cached->asks_nodes = scope.asks_nodes;
  namestrcpy(&cached->schema, extension.schema_name);
}

// Whether a plan is good for other parameters. Of very many tenants the statistics know whether
// their records are better looked up and sorted; a plan whose policy has been decided holds for
// one reading, with its access; and Citus plans a query of several shards with its values only.
bool IsReusable(const RecordScope &scope, const ReadExtent &extent) {
  const QueryForm form = QueryFormOf(scope);
  return scope.placement == Placement::kHere && form != QueryForm::kManyTenants &&
         !(form == QueryForm::kAllTenants && extent.columns == RecordColumns::kJoinTime);
}

// The settings that hold while the query is planned, and not while it runs: queries of others that
// run inside the export, such as those of a row security policy's functions, must not be planned
// so.
int EnterPlannerSettings(const RecordScope &scope, bool is_reusable) {
  const bool may_sort = QueryFormOf(scope) == QueryForm::kManyTenants;
  return EnterLocalSettings(
      {{"enable_indexscan", "on"},
       {"enable_indexonlyscan", "on"},
       {"enable_seqscan", "off"},
       {"enable_bitmapscan", "off"},
       {"enable_sort", may_sort ? "on" : "off"},
       {"enable_incremental_sort", "off"},
       {"plan_cache_mode", is_reusable ? "force_generic_plan" : "force_custom_plan"},
       // Compiling would take longer than reading.
       {"jit", "off"}});
}

// The policy of a plan for this one reading is decided, which leaves an index alone to be read:
// only the tenants' index has the TenantName.
CachedPlan *Plan(CachedPlanSource *source, const RecordScope &scope, ParamListInfo params,
                 const ReadExtent &extent) {
  const bool is_reusable = IsReusable(scope, extent);
  const int settings_level = EnterPlannerSettings(scope, is_reusable);
  DecidePolicyOf(is_reusable ? nullptr : params);
  CachedPlan *plan = GetCachedPlan(source, params, CurrentResourceOwner, nullptr);
  LeaveLocalSettings(settings_level);
  return plan;
}

// Puts a query back for the next export, unless an export inside the planning has left its own.
void PutBack(CachedQuery *place, const CachedQuery &query) {
  if (place->source == nullptr) {
    *place = query;
  } else {
    DropCachedPlan(query.source);
  }
}

}  // namespace

void CheckReadsTable(const List *relations, Oid table) {
  if (!list_member_oid(relations, table)) {
    ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                    errmsg("the extension's schema was renamed while records were read"),
                    errhint("Run the query again.")));
  }
}

PlannedRead PlanRead(const Extension &extension, Oid table, const RecordScope &scope,
                     ParamListInfo params, const ReadExtent &extent) {
  CachedQuery *place = PlaceOf(scope, extent);
  MakeFit(place, extension, scope, extent);
  // Out of its place while it is planned: the planner may call functions of a row security policy,
  // and an export inside them must not drop it.
  const CachedQuery query = *place;
  place->source = nullptr;
  ParamListInfo decided_before = DecidePolicyOf(nullptr);
  PlannedRead planned = {};
  const List *relations = NIL;
  PG_TRY();
  {
    planned = {Plan(query.source, scope, params, extent), pstrdup(query.source->query_string)};
    relations = list_copy(query.source->relationOids);
  }
  PG_FINALLY();
  {
    DecidePolicyOf(decided_before);
    PutBack(place, query);
  }
  PG_END_TRY();
  CheckReadsTable(relations, table);
  return planned;
}

uint64 RunPlannedRead(const PlannedRead &planned, ParamListInfo params, DestReceiver *receiver,
                      uint64 max_rows) {
  PlannedStmt *plan = linitial_node(PlannedStmt, planned.plan->stmt_list);
  const uint64 rows = RunPlan(plan, planned.query_text, params, receiver, max_rows);
  ReleaseCachedPlan(planned.plan, CurrentResourceOwner);
  return rows;
}

}  // namespace vidyo_cdr
