// What the planner is told about cdr_policy_sees_tenant, the function of the policy on
// ConferenceCall2.
//
// A view that is not security_invoker reads with its owner's rights, row security included:
// PostgreSQL takes the policies that hold for the owner. But a function in them runs as whoever
// reads the view, and would let that role see its own tenants through somebody else's view. So the
// planner puts the owner into the call. No query can hold such a call (policy_role_type.cpp).
#include "access/decided_policy.hpp"
#include "access/functions.hpp"
#include "access/view_owner.hpp"
#include "base/plain_table.hpp"
#include "base/postgres.hpp"

namespace vidyo_cdr {

namespace {

// The role that a call of the policy's function asks for, nullptr when it is not known yet.
Const *RoleOf(List *arguments) {
  Node *role = static_cast<Node *>(lsecond(arguments));
  return IsA(role, Const) ? castNode(Const, role) : nullptr;
}

// The answer, where it is decided for all records; else the call that asks for the owner of the
// view through which its record is read; nullptr to leave the call as it is.
Node *Simplify(const SupportRequestSimplify *request) {
  Node *tenant = static_cast<Node *>(linitial(request->fcall->args));
  const RangeTblEntry *relation = RelationOfColumn(request->root, tenant);
  const Const *role = RoleOf(request->fcall->args);
  if (relation == nullptr || role == nullptr || role->constisnull) {
    return nullptr;
  }
  RequirePlainTable(relation->relid);
  const Oid owner = ReadAs(request->root->parse, relation);
  if (!OidIsValid(owner)) {
    const bool asks_for_current_role = !OidIsValid(DatumGetObjectId(role->constvalue));
    return asks_for_current_role && PolicyIsDecided(request->root) ? makeBoolConst(true, false)
                                                                   : nullptr;
  }
  Const *owner_role = static_cast<Const *>(copyObjectImpl(role));
  owner_role->constvalue = ObjectIdGetDatum(owner);
  return reinterpret_cast<Node *>(makeFuncExpr(request->fcall->funcid, BOOLOID,
                                               list_make2(tenant, owner_role), InvalidOid,
                                               request->fcall->inputcollid, COERCE_EXPLICIT_CALL));
}

Node *EstimateSelectivity(SupportRequestSelectivity *request) {
  const Const *role = RoleOf(request->args);
  if (role == nullptr || role->constisnull) {
    return nullptr;
  }
  const Oid named = DatumGetObjectId(role->constvalue);
  return EstimateForReader(request, OidIsValid(named) ? named : GetUserId());
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

Datum CdrPolicySupport(FunctionCallInfo fcinfo) {
  PG_RETURN_POINTER(Answer(reinterpret_cast<Node *>(PG_GETARG_POINTER(0))));
}

}  // namespace vidyo_cdr
