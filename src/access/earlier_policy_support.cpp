// What the planner is told about cdr_sees_tenant where the objects are still those of version 1.0
// or 1.1: there the policy on ConferenceCall2 calls it, and the planner has to put
// cdr_view_owner_sees_tenant in its place where a view is read (see policy_support.cpp).
//
// The call in a policy looks like one in a query, which must not ask for the view's owner. So the
// planner leaves all calls alone unless each stands in a policy. Then a view whose query calls
// cdr_sees_tenant as well shows the reader's tenants. What a function in SQL hides from this is
// safe only since 1.2.
#include "access/functions.hpp"
#include "access/view_owner.hpp"
#include "base/extension.hpp"
#include "base/postgres.hpp"

namespace vidyo_cdr {

namespace {

#if PG_VERSION_NUM >= 160000
tree_walker_callback AsWalker(tree_walker_callback visit) { return visit; }
#else
// PostgreSQL 15 declares what a walker calls without its arguments, which C++ takes for none.
using Walker = bool (*)();

Walker AsWalker(bool (*visit)(Node *, void *)) {
  return reinterpret_cast<Walker>(reinterpret_cast<void (*)()>(visit));
}
#endif

struct CallCount {
  Oid function;
  int calls;
};

bool IsFunction(Oid function, void *count) {
  return function == static_cast<CallCount *>(count)->function;
}

// Counts the calls below a node; those in queries of their own are planned by themselves.
bool CountCalls(Node *node, void *count) {
  if (node == nullptr || IsA(node, Query)) {
    return false;
  }
  if (check_functions_in_node(node, IsFunction, count)) {
    static_cast<CallCount *>(count)->calls++;
  }
  return expression_tree_walker(node, AsWalker(CountCalls), count);
}

int CallsIn(void *expression, Oid function) {
  CallCount count = {function, 0};
  CountCalls(static_cast<Node *>(expression), &count);
  return count.calls;
}

// In the planned query and what was pulled up into it.
int CallsInQuery(const PlannerInfo *root, Oid function) {
  CallCount count = {function, CallsIn(root->append_rel_list, function)};
  query_tree_walker(root->parse, AsWalker(CountCalls), &count,
                    QTW_IGNORE_RT_SUBQUERIES | QTW_IGNORE_CTE_SUBQUERIES);
  return count.calls;
}

// In the policies that hold for what is written.
int CallsInChecks(const Query *query, Oid function) {
  int calls = 0;
  ListCell *cell;
  foreach (cell, query->withCheckOptions) {
    auto *check = lfirst_node(WithCheckOption, cell);
    calls += check->kind == WCO_VIEW_CHECK ? 0 : CallsIn(check->qual, function);
  }
  return calls;
}

int CallsInPolicies(const Query *query, Oid function) {
  int calls = CallsInChecks(query, function);
  ListCell *cell;
  foreach (cell, query->rtable) {
    calls += CallsIn(lfirst_node(RangeTblEntry, cell)->securityQuals, function);
  }
  return calls;
}

// Whether a call with a column of the relation can be taken for one in the relation's policies.
bool IsInPolicy(const PlannerInfo *root, const RangeTblEntry *relation, Oid function) {
  const Query *query = root->parse;
  const bool is_written =
      query->resultRelation > 0 && relation == rt_fetch(query->resultRelation, query->rtable);
  const bool has_policies = CallsIn(relation->securityQuals, function) > 0 ||
                            (is_written && CallsInChecks(query, function) > 0);
  return has_policies && CallsInQuery(root, function) == CallsInPolicies(query, function);
}

// The owner of the view through which the call's argument is read, when the call is a policy's.
Oid ViewOwner(const PlannerInfo *root, const FuncExpr *call) {
  const RangeTblEntry *relation =
      RelationOfColumn(root, static_cast<const Node *>(linitial(call->args)));
  if (relation == nullptr || !IsInPolicy(root, relation, call->funcid)) {
    return InvalidOid;
  }
  return ReadAs(root->parse, relation);
}

// The call to put in the place of cdr_sees_tenant, nullptr to leave it. Marked as VARIADIC, which a
// query cannot write for this function.
Node *Simplify(const SupportRequestSimplify *request) {
  const Oid owner = ViewOwner(request->root, request->fcall);
  if (!OidIsValid(owner)) {
    return nullptr;
  }
  const Oid function = FindMemberFunction(FindExtension(), "cdr_view_owner_sees_tenant");
  if (!OidIsValid(function)) {
    elog(ERROR, "function cdr_view_owner_sees_tenant of extension vidyo_cdr is missing");
  }
  Const *owner_const =
      makeConst(OIDOID, -1, InvalidOid, sizeof(Oid), ObjectIdGetDatum(owner), false, true);
  FuncExpr *call =
      makeFuncExpr(function, BOOLOID, list_make2(linitial(request->fcall->args), owner_const),
                   InvalidOid, request->fcall->inputcollid, COERCE_EXPLICIT_CALL);
  call->funcvariadic = true;
  return reinterpret_cast<Node *>(call);
}

Node *Answer(Node *request) {
  if (IsA(request, SupportRequestSimplify)) {
    return Simplify(castNode(SupportRequestSimplify, request));
  }
  if (IsA(request, SupportRequestSelectivity)) {
    return EstimateForReader(castNode(SupportRequestSelectivity, request), GetUserId());
  }
  return nullptr;
}

}  // namespace

Datum CdrSeesTenantSupport(FunctionCallInfo fcinfo) {
  PG_RETURN_POINTER(Answer(reinterpret_cast<Node *>(PG_GETARG_POINTER(0))));
}

}  // namespace vidyo_cdr
