// Keeping a feed's position.
#include "feed/position.hpp"

#include <algorithm>

namespace vidyo_cdr {

namespace {

// What is kept of one source: its schema is $1, its name is $2.
constexpr const char *kOfSource =
    "source_schema OPERATOR(pg_catalog.=) $1 AND source_name OPERATOR(pg_catalog.=) $2";

Parameter TextParameter(const char *text) { return {TEXTOID, CStringGetTextDatum(text)}; }

Parameter CallIdParameter(int64_t call_id) { return {INT8OID, Int64GetDatum(call_id)}; }

}  // namespace

FeedPosition::FeedPosition(const Extension &extension, const char *source_schema,
                           const char *source_name)
    : schema_(extension.quoted_schema),
      source_schema_(TextParameter(source_schema)),
      source_name_(TextParameter(source_name)) {
  RunStatement(psprintf("INSERT INTO %s.cdr_feed (source_schema, source_name) VALUES ($1, $2)"
                        " ON CONFLICT (source_schema, source_name) DO NOTHING",
                        schema_),
               SPI_OK_INSERT, {source_schema_, source_name_});
  RunStatement(psprintf("SELECT highest_call_id FROM %s.cdr_feed WHERE %s", schema_, kOfSource),
               SPI_OK_SELECT, {source_schema_, source_name_});
  if (SPI_processed != 1) {
    ReportRowGone();
  }
  highest_call_id_ = DatumGetInt64(ResultValue(0, 1));
  SPI_freetuptable(SPI_tuptable);
}

// Ends a sync whose rows somebody has taken away.
void FeedPosition::ReportRowGone() const {
  ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                  errmsg("the position of \"%s\" was removed while it was synchronized",
                         TextDatumGetCString(source_name_.value)),
                  errhint("Call sync_cdr again.")));
  pg_unreachable();
}

void FeedPosition::Advance(int64_t highest, CallIdRanges missing) {
  AddGaps(missing, GetCurrentTransactionStartTimestamp());
  const uint64_t updated = RunStatement(
      psprintf("UPDATE %s.cdr_feed SET highest_call_id = $3, synced_at = pg_catalog.now() WHERE %s",
               schema_, kOfSource),
      SPI_OK_UPDATE, {source_schema_, source_name_, CallIdParameter(highest)});
  if (updated != 1) {
    ReportRowGone();
  }
  highest_call_id_ = highest;
}

// Notes gaps, and since when they have been known.
void FeedPosition::AddGaps(CallIdRanges gaps, TimestampTz seen_at) {
  for (const CallIdRange *gap = gaps.ranges; gap < gaps.ranges + gaps.count; gap++) {
    RunStatement(psprintf("INSERT INTO %s.cdr_feed_gap"
                          " (source_schema, source_name, first_call_id, last_call_id, seen_at)"
                          " VALUES ($1, $2, $3, $4, $5)",
                          schema_),
                 SPI_OK_INSERT,
                 {source_schema_,
                  source_name_,
                  CallIdParameter(gap->first),
                  CallIdParameter(gap->last),
                  {TIMESTAMPTZOID, TimestampTzGetDatum(seen_at)}});
  }
}

CallIdRanges FeedPosition::ReadGaps(int64_t above, int max_gaps) const {
  RunStatement(psprintf("SELECT first_call_id, last_call_id FROM %s.cdr_feed_gap WHERE %s"
                        " AND first_call_id OPERATOR(pg_catalog.>) $3"
                        " ORDER BY first_call_id LIMIT %d",
                        schema_, kOfSource, max_gaps),
               SPI_OK_SELECT, {source_schema_, source_name_, CallIdParameter(above)});
  const int count = static_cast<int>(SPI_processed);
  CallIdRange *gaps = MakeCallIdRanges(count);
  for (int row = 0; row < count; row++) {
    gaps[row] = {DatumGetInt64(ResultValue(row, 1)), DatumGetInt64(ResultValue(row, 2))};
  }
  SPI_freetuptable(SPI_tuptable);
  return {gaps, count};
}

void FeedPosition::FillGaps(CallIdRanges gaps, const int64_t *call_ids, int64_t count) {
  for (const CallIdRange *gap = gaps.ranges; gap < gaps.ranges + gaps.count; gap++) {
    const CallIdRanges missing = FindMissing(*gap, call_ids, count);
    const CallIdRange &first = missing.ranges[0];
    const bool is_same = missing.count == 1 && first.first == gap->first && first.last == gap->last;
    if (!is_same) {
      const TimestampTz seen_at = RemoveGap(gap->first);
      AddGaps(missing, seen_at);
    }
  }
}

// Removes the gap that begins with a CallID, and returns since when it has been known.
TimestampTz FeedPosition::RemoveGap(int64_t first) {
  RunStatement(psprintf("DELETE FROM %s.cdr_feed_gap WHERE %s"
                        " AND first_call_id OPERATOR(pg_catalog.=) $3 RETURNING seen_at",
                        schema_, kOfSource),
               SPI_OK_DELETE_RETURNING, {source_schema_, source_name_, CallIdParameter(first)});
  if (SPI_processed != 1) {
    ReportRowGone();
  }
  const TimestampTz seen_at = DatumGetTimestampTz(ResultValue(0, 1));
  SPI_freetuptable(SPI_tuptable);
  return seen_at;
}

void FeedPosition::ForgetOldGaps() {
  RunStatement(psprintf("DELETE FROM %s.cdr_feed_gap WHERE %s"
                        " AND seen_at OPERATOR(pg_catalog.<)"
                        " (pg_catalog.now() OPERATOR(pg_catalog.-) interval '1 day')",
                        schema_, kOfSource),
               SPI_OK_DELETE, {source_schema_, source_name_});
}

CallIdRanges FindMissing(CallIdRange range, const int64_t *call_ids, int64_t call_id_count) {
  const int64_t *end = call_ids + call_id_count;
  const int64_t *from = std::lower_bound(call_ids, end, range.first);
  const int64_t *until = std::upper_bound(from, end, range.last);
  CallIdRange *missing = MakeCallIdRanges(until - from + 1);
  int count = 0;
  int64_t next = range.first;
  for (const int64_t *call_id = from; call_id < until; call_id++) {
    if (*call_id > next) {
      missing[count++] = {next, *call_id - 1};
    }
    if (*call_id == range.last) {
      return {missing, count};
    }
    next = *call_id + 1;
  }
  missing[count++] = {next, range.last};
  return {missing, count};
}

}  // namespace vidyo_cdr
