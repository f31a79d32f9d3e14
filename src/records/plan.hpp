// Planning the query behind an export, and keeping the plan for the session's next export.
#pragma once

#include "base/extension.hpp"
#include "base/postgres.hpp"
#include "records/query.hpp"
#include "records/scope.hpp"

namespace vidyo_cdr {

struct PlannedRead {
  CachedPlan *plan;  // released by RunPlannedRead(), or an error
  const char *query_text;
};

// Raises 55000 when a query that names the extension's table by its schema reads others: the schema
// was renamed after its name was looked up, and another one has the name now.
void CheckReadsTable(const List *relations, Oid table);

// Plans the query that reads so much of the extension's table, which is locked, for the parameters.
// The plan follows the index that gives the export's order, whatever the
// session has set and the statistics say: the scan then stops behind the last record that it needs.
// Raises 55000 when the query would read another table.
PlannedRead PlanRead(const Extension &extension, Oid table, const RecordScope &scope,
                     ParamListInfo params, const ReadExtent &extent);

// Runs it, once, as the current user in the active snapshot, and hands the records to the receiver;
// no more than max_rows unless that is 0. Returns how many there were.
uint64 RunPlannedRead(const PlannedRead &planned, ParamListInfo params, DestReceiver *receiver,
                      uint64 max_rows);

}  // namespace vidyo_cdr
