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
#include "base/citus.hpp"
#include "base/placement.hpp"
#include "base/postgres.hpp"

namespace vidyo_cdr {

namespace {

// The role that a call of a policy's function asks for; nullptr when it is not known yet, and where
// the policy asks for the current role only.
Const *RoleOf(List *arguments) {
  if (list_length(arguments) == 1) {
    return nullptr;
  }
  Node *role = static_cast<Node *>(lsecond(arguments));
  return IsA(role, Const) ? castNode(Const, role) : nullptr;
}

// Raises 0A000 where records on other nodes would be read through a view with its owner's rights:
// Citus asks the nodes for them as the reader.
void RefuseOwnersView(const Query *query, const RangeTblEntry *relation) {
  const Oid owner = ReadAs(query, relation);
  if (OidIsValid(owner) && owner != GetUserId() &&
      CitusTableOf(relation->relid) == CitusTable::kDistributed) {
    ereport(
        ERROR,
        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
         errmsg("records that are distributed over a Citus cluster cannot be read through a view "
                "with its owner's rights"),
         errhint("Use ALTER VIEW ... SET (security_invoker = true), and grant access to those "
                 "who read it.")));
  }
}

// Raises 0A000 for the part that Citus cuts out of some joins with local tables: its policy is
// about a relation that it does not have, and planning it would end the server.
void RefuseCutOutPart(const PlannerInfo *root, const Node *expression) {
  if (root == nullptr || !IsA(expression, Var)) {
    return;
  }
  const auto *column = reinterpret_cast<const Var *>(expression);
  if (column->varlevelsup == 0 &&
      static_cast<int>(column->varno) > list_length(root->parse->rtable)) {
    ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                    errmsg("Citus cannot plan this join of distributed records with a local table"),
                    errhint("Read the records in WITH ... AS MATERIALIZED first, and join that.")));
  }
}

// The answer, where it is decided for all records; else the call that asks for the owner of the
// view through which its record is read; nullptr to leave the call as it is.
Node *Simplify(const SupportRequestSimplify *request) {
  Node *tenant = static_cast<Node *>(linitial(request->fcall->args));
  RefuseCutOutPart(request->root, tenant);
  const RangeTblEntry *relation = RelationOfColumn(request->root, tenant);
  if (relation == nullptr) {
    return nullptr;
  }
  PlacementOf(relation->relid);
  RefuseOwnersView(request->root->parse, relation);
  const Const *role = RoleOf(request->fcall->args);
  if (role == nullptr || role->constisnull) {
    return nullptr;
  }
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
