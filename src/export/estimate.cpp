// The planner's estimate of how many records a call of export_cdr returns: what the planner expects
// of the query behind the call, with those arguments that are known when the call is planned. Those
// who see some tenants only get the limit instead: what the planner expects, it knows from the
// records of all tenants.
#include "export/functions.hpp"
#include "base/placement.hpp"
#include "base/postgres.hpp"
#include "base/query.hpp"
#include "base/settings.hpp"
#include "records/query.hpp"
#include "records/request.hpp"

namespace vidyo_cdr {

namespace {

// The argument as a constant, or nullptr when its value is known only at execution.
const Const *KnownArgument(PlannerInfo *root, List *arguments, int number) {
  Node *argument =
      estimate_expression_value(root, static_cast<Node *>(list_nth(arguments, number)));
  return IsA(argument, Const) ? castNode(Const, argument) : nullptr;
}

// Sets a bound to the argument's value, or declares the parameter unknown to the planner.
void SetEstimatedBound(const Const *argument, ParamExternData &param) {
  if (argument == nullptr) {
    param.ptype = InvalidOid;
  } else if (!argument->constisnull) {
    param.value = argument->constvalue;
  }
}

// Answers a request for the number of rows.
void EstimateRows(SupportRequestRows *request) {
  List *arguments = castNode(FuncExpr, request->node)->args;
  const Const *start_time = KnownArgument(request->root, arguments, 0);
  const Const *end_time = KnownArgument(request->root, arguments, 1);
  const Const *tenant = KnownArgument(request->root, arguments, 2);

  request->rows = settings.export_limit;
  const Extension extension = FindExtension();
  const Oid table = FindMemberRelation(extension, "conferencecall2");
  if (!OidIsValid(table)) {
    return;
  }
  // Of shards this server has no statistics.
  if (PlacementOf(table) == Placement::kOnNodes || !CallerSeesAll(table)) {
    return;
  }

  // A tenant whose name is not known yet is one tenant all the same.
  const bool one_tenant = tenant == nullptr || !tenant->constisnull;
  RecordRequest range;
  if (one_tenant) {
    range.tenant = tenant == nullptr ? cstring_to_text("") : DatumGetTextPP(tenant->constvalue);
  }
  const RecordScope scope = FindRecordScope(table, range);
  ParamListInfo params = ReadParams(range, scope);
  SetEstimatedBound(start_time, params->params[0]);
  SetEstimatedBound(end_time, params->params[1]);
  if (one_tenant && tenant == nullptr) {
    params->params[2].ptype = InvalidOid;
  }

  const char *query_text =
      ReadQueryText(extension, scope, {RecordColumns::kAll, settings.export_limit});
  const PlannedQuery planned =
      PlanQuery(query_text, kReadParamTypes, ReadParamCount(scope), params);
  request->rows = planned.plan->planTree->plan_rows;
}

}  // namespace

Datum ExportCdrSupport(FunctionCallInfo fcinfo) {
  Node *request = reinterpret_cast<Node *>(PG_GETARG_POINTER(0));
  if (!IsA(request, SupportRequestRows)) {
    return PointerGetDatum(static_cast<Node *>(nullptr));
  }
  EstimateRows(castNode(SupportRequestRows, request));
  PG_RETURN_POINTER(request);
}

}  // namespace vidyo_cdr
