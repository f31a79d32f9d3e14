// The statements of a purge. A batch comes in the order of an index, that of exports or the
// tenant's, from behind the last one, so that it does not meet again what is gone already.
#include "retention/expired_records.hpp"

#include <algorithm>

#include "base/statement.hpp"
#include "base/values.hpp"
#include "import/record.hpp"

namespace vidyo_cdr {

namespace {

// Parameters of all statements: $1 before, $2 the tenant, $3 and $4 the place behind which a batch
// begins, $5 since when open calls are alive. %1$s is the schema, %2$s the condition on the tenant,
// %3$s tells the open calls that stay.

// Removes a batch by its CallIDs, and reads its last place; of less than a whole batch that is
// none. By their range in the index they would be removed a little faster, but with statistics from
// before a purge or an import the planner takes the range for a large part of the table, and reads
// all of that. %4$s leads the order, %5$d is the batch's size.
constexpr const char *kRemove = R"sql(
WITH batch AS MATERIALIZED (
    SELECT JoinTime, CallID FROM %1$s.ConferenceCall2
    WHERE JoinTime OPERATOR(pg_catalog.<) $1
        AND ROW(JoinTime, CallID) OPERATOR(pg_catalog.>) ROW($3, $4)%2$s
    ORDER BY %4$sJoinTime, CallID LIMIT %5$d),
last AS (SELECT JoinTime, CallID FROM batch OFFSET %5$d - 1),
removed AS (
    DELETE FROM %1$s.ConferenceCall2
    WHERE CallID OPERATOR(pg_catalog.=) ANY (ARRAY(SELECT CallID FROM batch))
        AND JoinTime OPERATOR(pg_catalog.<) $1%2$s AND (%3$s) IS NOT TRUE
    RETURNING JoinTime)
SELECT pg_catalog.count(*), pg_catalog.min(JoinTime), pg_catalog.max(JoinTime),
    (SELECT JoinTime FROM last), (SELECT CallID FROM last)
FROM removed)sql";

constexpr const char *kCountOpen = R"sql(
SELECT pg_catalog.count(*) FROM %1$s.ConferenceCall2
WHERE JoinTime OPERATOR(pg_catalog.<) $1%2$s AND %3$s)sql";

constexpr const char *kCount = R"sql(
SELECT pg_catalog.count(*), pg_catalog.min(JoinTime), pg_catalog.max(JoinTime)
FROM %1$s.ConferenceCall2
WHERE JoinTime OPERATOR(pg_catalog.<) $1%2$s AND (%3$s) IS NOT TRUE)sql";

// What was rejected before a moment cannot have joined after it. $2 is the number behind which the
// batch begins, %2$d its size.
constexpr const char *kRemoveRejects = R"sql(
WITH expired AS MATERIALIZED (
    SELECT reject_id FROM %1$s.cdr_import_reject
    WHERE rejected_at OPERATOR(pg_catalog.<) $1 AND reject_id OPERATOR(pg_catalog.>) $2
    ORDER BY reject_id LIMIT %2$d),
removed AS (
    DELETE FROM %1$s.cdr_import_reject
    WHERE reject_id OPERATOR(pg_catalog.=) ANY (ARRAY(SELECT reject_id FROM expired))
    RETURNING reject_id)
SELECT pg_catalog.count(*), (SELECT pg_catalog.max(reject_id) FROM expired) FROM removed)sql";

constexpr const char *kCountRejects = R"sql(
SELECT pg_catalog.count(*) FROM %1$s.cdr_import_reject
WHERE rejected_at OPERATOR(pg_catalog.<) $1)sql";

// In this form only the tenant's index has the order.
const char *TenantCondition(const PurgeRequest &request) {
  return request.tenant == nullptr ? "" : " AND TenantName OPERATOR(pg_catalog.=) ANY (ARRAY[$2])";
}

const char *StaysOpen() {
  return psprintf("JoinTime OPERATOR(pg_catalog.>=) $5 AND %s", OpenCallCondition());
}

// Runs a statement that returns one row.
void RunForOneRow(const char *statement, const PurgeRequest &request, PurgePosition after = {}) {
  RunStatement(statement, SPI_OK_SELECT,
               {MomentParameter(request.before), TextParameter(request.tenant),
                MomentParameter(after.join_time), NumberParameter(after.call_id),
                MomentParameter(request.live_since)});
}

// Adds the count and the JoinTimes of a row to counts.
void AddCounts(PurgeCounts *counts) {
  const int64_t records = DatumGetInt64(ResultValue(0, 1));
  if (records > 0) {
    counts->records += records;
    counts->oldest = std::min(counts->oldest, DatumGetTimestampTz(ResultValue(0, 2)));
    counts->newest = std::max(counts->newest, DatumGetTimestampTz(ResultValue(0, 3)));
  }
}

int64_t OneNumber() {
  const int64_t number = DatumGetInt64(ResultValue(0, 1));
  SPI_freetuptable(SPI_tuptable);
  return number;
}

}  // namespace

PurgePosition RemoveBatch(const Extension &extension, const PurgeRequest &request,
                          PurgePosition after, PurgeCounts *counts) {
  const char *leading_order = request.tenant == nullptr ? "" : "TenantName, ";
  RunForOneRow(psprintf(kRemove, extension.quoted_schema, TenantCondition(request), StaysOpen(),
                        leading_order, request.batch_size),
               request, after);
  AddCounts(counts);
  bool is_last;
  const Datum join_time = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 4, &is_last);
  const PurgePosition end =
      is_last ? EndOf(request)
              : PurgePosition{DatumGetTimestampTz(join_time), DatumGetInt64(ResultValue(0, 5))};
  SPI_freetuptable(SPI_tuptable);
  return end;
}

int64_t CountStillOpen(const Extension &extension, const PurgeRequest &request) {
  if (request.before <= request.live_since) {
    return 0;
  }
  RunForOneRow(psprintf(kCountOpen, extension.quoted_schema, TenantCondition(request), StaysOpen()),
               request);
  return OneNumber();
}

PurgeCounts CountExpired(const Extension &extension, const PurgeRequest &request) {
  PurgeCounts counts;
  RunForOneRow(psprintf(kCount, extension.quoted_schema, TenantCondition(request), StaysOpen()),
               request);
  AddCounts(&counts);
  SPI_freetuptable(SPI_tuptable);
  counts.still_open = CountStillOpen(extension, request);
  if (request.with_rejects) {
    RunStatement(psprintf(kCountRejects, extension.quoted_schema), SPI_OK_SELECT,
                 {MomentParameter(request.before)});
    counts.rejects = OneNumber();
  }
  return counts;
}

bool RemoveRejects(const Extension &extension, const PurgeRequest &request, int64_t *above,
                   PurgeCounts *counts) {
  RunStatement(psprintf(kRemoveRejects, extension.quoted_schema, request.batch_size), SPI_OK_SELECT,
               {MomentParameter(request.before), NumberParameter(*above)});
  bool is_none;
  const Datum last = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2, &is_none);
  *above = is_none ? *above : DatumGetInt64(last);
  counts->rejects += OneNumber();
  return !is_none;
}

}  // namespace vidyo_cdr
