// Whose rights a relation is read with. A view that is not security_invoker reads with its owner's,
// row security included.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

// The relation of the planned query that an expression is a column of, nullptr when it is none.
const RangeTblEntry *RelationOfColumn(const PlannerInfo *root, const Node *expression);

// The role that the relation is read as, InvalidOid when that is the current one.
Oid ReadAs(const Query *query, const RangeTblEntry *relation);

// Answers how many records a policy lets a role read: all for who sees all tenants. Of others the
// planner learns nothing; the answer is nullptr then.
Node *EstimateForReader(SupportRequestSelectivity *request, Oid reader);

}  // namespace vidyo_cdr
