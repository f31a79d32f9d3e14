// Deciding the policy on ConferenceCall2 while a query is planned, instead of for each record, for
// roles that see all tenants: a query that needs no tenant then need not read it. The extension's
// own queries only, whose plans are used while access is frozen.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

// Tells by its parameters, which must be the planner's, the query whose policy is to be decided
// from now on; nullptr for none. Returns what was told before, which has to be told again in the
// end, after an error too: planning can run other queries.
ParamListInfo DecidePolicyOf(ParamListInfo params);

// Whether the planner is at work on that query, access is frozen, and the current role sees all.
bool PolicyIsDecided(const PlannerInfo *root);

}  // namespace vidyo_cdr
