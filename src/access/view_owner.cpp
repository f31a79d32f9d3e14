// Finding whose rights a relation is read with, in the query as the planner has it, and what these
// rights let it read.
#include "access/view_owner.hpp"

#include "access/role_access.hpp"

namespace vidyo_cdr {

const RangeTblEntry *RelationOfColumn(const PlannerInfo *root, const Node *expression) {
  if (root == nullptr || !IsA(expression, Var)) {
    return nullptr;
  }
  const auto *column = reinterpret_cast<const Var *>(expression);
  const auto number = static_cast<int>(column->varno);
  if (column->varlevelsup != 0 || number < 1 || number > list_length(root->parse->rtable)) {
    return nullptr;
  }
  const RangeTblEntry *relation = rt_fetch(number, root->parse->rtable);
  return relation->rtekind == RTE_RELATION ? relation : nullptr;
}

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

Node *EstimateForReader(SupportRequestSelectivity *request, Oid reader) {
  if (!AccessOfRole(reader).all_tenants) {
    return nullptr;
  }
  request->selectivity = 1;
  return reinterpret_cast<Node *>(request);
}

}  // namespace vidyo_cdr
