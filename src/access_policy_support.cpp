// What the planner is told about cdr_sees_tenant, the function of the policy on ConferenceCall2.
//
// A view that is not security_invoker reads with its owner's rights, row security included:
// PostgreSQL takes the policies that hold for the owner. But a function in them runs as whoever
// reads the view, and would let that role see its own tenants through somebody else's view. So the
// planner replaces it by one that asks for the owner's access.
#include "caller_access.hpp"
#include "guard.hpp"
#include "pg_headers.hpp"

namespace vidyo_cdr {

namespace {

// The role that a relation is read as, InvalidOid when that is the current one.
Oid ReadAs(const Query *query, const RangeTblEntry *relation) {
#if PG_VERSION_NUM >= 160000
  return relation->perminfoindex == 0
             ? InvalidOid
             : getRTEPermissionInfo(query->rteperminfos, const_cast<RangeTblEntry *>(relation))
                   ->checkAsUser;
#else
  (void)query;
  return relation->checkAsUser;
#endif
}

// The owner of the view through which the call's argument, a column of ConferenceCall2, is read.
Oid ViewOwner(PlannerInfo *root, const FuncExpr *call) {
  Node *argument = static_cast<Node *>(linitial(call->args));
  if (root == nullptr || !IsA(argument, Var) || castNode(Var, argument)->varlevelsup != 0) {
    return InvalidOid;
  }
  const auto number = static_cast<int>(castNode(Var, argument)->varno);
  if (number < 1 || number > list_length(root->parse->rtable)) {
    return InvalidOid;
  }
  const RangeTblEntry *relation = rt_fetch(number, root->parse->rtable);
  const Oid table = get_relname_relid("conferencecall2", get_func_namespace(call->funcid));
  const bool is_record = relation->rtekind == RTE_RELATION && relation->relid == table;
  return is_record ? ReadAs(root->parse, relation) : InvalidOid;
}

Oid FindOwnerFunction(Oid schema) {
  const Oid types[] = {TEXTOID, OIDOID};
  return GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid,
                         CStringGetDatum("cdr_view_owner_sees_tenant"),
                         PointerGetDatum(buildoidvector(types, 2)), ObjectIdGetDatum(schema));
}

// The call to put in the place of cdr_sees_tenant, nullptr to leave it. Marked as VARIADIC, which a
// query cannot write for this function.
Node *Simplify(const SupportRequestSimplify *request) {
  const Oid owner = ViewOwner(request->root, request->fcall);
  if (!OidIsValid(owner)) {
    return nullptr;
  }
  const Oid function = FindOwnerFunction(get_func_namespace(request->fcall->funcid));
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

// Who sees all tenants sees all records. Of others the planner learns nothing.
Node *EstimateSelectivity(SupportRequestSelectivity *request) {
  if (!AccessOfRole(GetUserId(), get_func_namespace(request->funcid)).all_tenants) {
    return nullptr;
  }
  request->selectivity = 1;
  return reinterpret_cast<Node *>(request);
}

Node *Answer(Node *request) {
  if (IsA(request, SupportRequestSimplify)) {
    return Simplify(castNode(SupportRequestSimplify, request));
  }
  if (IsA(request, SupportRequestSelectivity)) {
    return EstimateSelectivity(castNode(SupportRequestSelectivity, request));
  }
  return nullptr;
}

}  // namespace

}  // namespace vidyo_cdr

extern "C" {

PG_FUNCTION_INFO_V1(vidyo_cdr_sees_tenant_support);

Datum vidyo_cdr_sees_tenant_support(PG_FUNCTION_ARGS) {
  VIDYO_CDR_GUARD(
      PG_RETURN_POINTER(vidyo_cdr::Answer(reinterpret_cast<Node *>(PG_GETARG_POINTER(0)))));
}

}  // extern "C"
