// Queries of the extension's own, run as the current user in the active snapshot. Not by SPI, which
// shows a query's text with every message.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

// Gives a plan's parameter, counted from 0, a type and a value that the planner may know.
void SetParam(ParamListInfo params, int index, Oid type, Datum value, bool is_null = false);

// A plan, and the relations that the query is about: a plan by Citus does not list them.
struct PlannedQuery {
  PlannedStmt *plan;
  const List *relations;
};

// Plans one SELECT with parameters of these types; `params` are the values that the planner may
// know. palloc'ed.
PlannedQuery PlanQuery(const char *text, const Oid *param_types, int param_count,
                       ParamListInfo params);

// Runs a plan and hands its rows to the receiver, no more than max_rows unless that is 0. Returns
// how many there were.
uint64 RunPlan(PlannedStmt *plan, const char *text, ParamListInfo params, DestReceiver *receiver,
               uint64 max_rows);

}  // namespace vidyo_cdr
