// The exports that a query reads from, run before the query gives its first row.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

// Runs the exports that a started query reads in FROM, so that one that is refused is refused now.
// The query then reads what they have given. Left alone are exports whose arguments come from
// another row, those in a target list, and those that the query does not get to.
void RunExportScans(PlanState *plan);

}  // namespace vidyo_cdr
