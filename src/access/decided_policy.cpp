// Deciding the policy for one plan; see the header.
#include "access/decided_policy.hpp"

#include "access/role_access.hpp"

namespace vidyo_cdr {

namespace {

ParamListInfo decided = nullptr;

}  // namespace

ParamListInfo DecidePolicyOf(ParamListInfo params) {
  ParamListInfo before = decided;
  decided = params;
  return before;
}

bool PolicyIsDecided(const PlannerInfo *root) {
  return decided != nullptr && root != nullptr && root->glob->boundParams == decided &&
         AccessIsFrozen() && AccessOfRole(GetUserId()).all_tenants;
}

}  // namespace vidyo_cdr
