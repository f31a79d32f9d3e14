// Keeping a feed's position.
#include "feed_position.hpp"

#include <algorithm>

#include "statement.hpp"

namespace vidyo_cdr {

namespace {

// Ends a sync whose rows somebody has taken away.
[[noreturn]] void ReportRowGone(const char *source_name) {
  ereport(ERROR,
          (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
           errmsg("the position of \"%s\" was removed while it was synchronized", source_name),
           errhint("Call sync_cdr again.")));
  pg_unreachable();
}

}  // namespace

FeedPosition::FeedPosition(Oid extension_schema, const char *source_schema, const char *source_name)
    : schema_(quote_identifier(get_namespace_name(extension_schema))),
      source_schema_(CStringGetTextDatum(source_schema)),
      source_name_(CStringGetTextDatum(source_name)) {
  RunStatement(psprintf("INSERT INTO %s.cdr_feed (source_schema, source_name) VALUES ($1, $2)"
                        " ON CONFLICT (source_schema, source_name) DO NOTHING",
                        schema_),
               SPI_OK_INSERT, {{TEXTOID, source_schema_}, {TEXTOID, source_name_}});
  RunStatement(psprintf("SELECT highest_call_id FROM %s.cdr_feed"
                        " WHERE source_schema OPERATOR(pg_catalog.=) $1"
                        " AND source_name OPERATOR(pg_catalog.=) $2",
                        schema_),
               SPI_OK_SELECT, {{TEXTOID, source_schema_}, {TEXTOID, source_name_}});
  if (SPI_processed != 1) {
    ReportRowGone(source_name);
  }
  bool is_null;
  highest_call_id_ =
      DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));
  SPI_freetuptable(SPI_tuptable);
}

void FeedPosition::Advance(int64_t highest, CallIdRanges missing) {
  for (const CallIdRange *range = missing.ranges; range < missing.ranges + missing.count; range++) {
    RunStatement(psprintf("INSERT INTO %s.cdr_feed_gap"
                          " (source_schema, source_name, first_call_id, last_call_id)"
                          " VALUES ($1, $2, $3, $4)",
                          schema_),
                 SPI_OK_INSERT,
                 {{TEXTOID, source_schema_},
                  {TEXTOID, source_name_},
                  {INT8OID, Int64GetDatum(range->first)},
                  {INT8OID, Int64GetDatum(range->last)}});
  }
  const uint64_t updated = RunStatement(
      psprintf("UPDATE %s.cdr_feed SET highest_call_id = $3, synced_at = pg_catalog.now()"
               " WHERE source_schema OPERATOR(pg_catalog.=) $1"
               " AND source_name OPERATOR(pg_catalog.=) $2",
               schema_),
      SPI_OK_UPDATE,
      {{TEXTOID, source_schema_}, {TEXTOID, source_name_}, {INT8OID, Int64GetDatum(highest)}});
  if (updated != 1) {
    ReportRowGone(TextDatumGetCString(source_name_));
  }
  highest_call_id_ = highest;
}

int FeedPosition::ReadGaps(int64_t above, CallIdRange *gaps, int max_gaps) const {
  RunStatement(
      psprintf("SELECT first_call_id, last_call_id FROM %s.cdr_feed_gap"
               " WHERE source_schema OPERATOR(pg_catalog.=) $1"
               " AND source_name OPERATOR(pg_catalog.=) $2"
               " AND first_call_id OPERATOR(pg_catalog.>) $3"
               " ORDER BY first_call_id LIMIT %d",
               schema_, max_gaps),
      SPI_OK_SELECT,
      {{TEXTOID, source_schema_}, {TEXTOID, source_name_}, {INT8OID, Int64GetDatum(above)}});
  const int count = static_cast<int>(SPI_processed);
  for (int row = 0; row < count; row++) {
    const HeapTuple tuple = SPI_tuptable->vals[row];
    bool is_null;
    gaps[row] = {DatumGetInt64(SPI_getbinval(tuple, SPI_tuptable->tupdesc, 1, &is_null)),
                 DatumGetInt64(SPI_getbinval(tuple, SPI_tuptable->tupdesc, 2, &is_null))};
  }
  SPI_freetuptable(SPI_tuptable);
  return count;
}

void FeedPosition::FillGaps(CallIdRanges gaps, const int64_t *call_ids, int64_t count) {
  for (const CallIdRange *gap = gaps.ranges; gap < gaps.ranges + gaps.count; gap++) {
    int missing_count;
    const CallIdRange *missing = FindMissing(*gap, call_ids, count, &missing_count);
    if (missing_count == 1 && missing->first == gap->first && missing->last == gap->last) {
      continue;
    }
    RunStatement(
        psprintf("DELETE FROM %s.cdr_feed_gap"
                 " WHERE source_schema OPERATOR(pg_catalog.=) $1"
                 " AND source_name OPERATOR(pg_catalog.=) $2"
                 " AND first_call_id OPERATOR(pg_catalog.=) $3 RETURNING seen_at",
                 schema_),
        SPI_OK_DELETE_RETURNING,
        {{TEXTOID, source_schema_}, {TEXTOID, source_name_}, {INT8OID, Int64GetDatum(gap->first)}});
    if (SPI_processed != 1) {
      ReportRowGone(TextDatumGetCString(source_name_));
    }
    bool is_null;
    const Datum seen_at = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null);
    SPI_freetuptable(SPI_tuptable);
    for (const CallIdRange *rest = missing; rest < missing + missing_count; rest++) {
      RunStatement(psprintf("INSERT INTO %s.cdr_feed_gap"
                            " (source_schema, source_name, first_call_id, last_call_id, seen_at)"
                            " VALUES ($1, $2, $3, $4, $5)",
                            schema_),
                   SPI_OK_INSERT,
                   {{TEXTOID, source_schema_},
                    {TEXTOID, source_name_},
                    {INT8OID, Int64GetDatum(rest->first)},
                    {INT8OID, Int64GetDatum(rest->last)},
                    {TIMESTAMPTZOID, seen_at}});
    }
  }
}

void FeedPosition::ForgetOldGaps() {
  RunStatement(psprintf("DELETE FROM %s.cdr_feed_gap WHERE source_schema OPERATOR(pg_catalog.=) $1"
                        " AND source_name OPERATOR(pg_catalog.=) $2"
                        " AND seen_at OPERATOR(pg_catalog.<)"
                        " (pg_catalog.now() OPERATOR(pg_catalog.-) interval '1 day')",
                        schema_),
               SPI_OK_DELETE, {{TEXTOID, source_schema_}, {TEXTOID, source_name_}});
}

CallIdRange *FindMissing(CallIdRange range, const int64_t *call_ids, int64_t call_id_count,
                         int *count) {
  const int64_t *end = call_ids + call_id_count;
  const int64_t *from = std::lower_bound(call_ids, end, range.first);
  const int64_t *until = std::upper_bound(from, end, range.last);
  auto *missing = static_cast<CallIdRange *>(
      palloc(sizeof(CallIdRange) * static_cast<size_t>(until - from + 1)));
  *count = 0;
  int64_t next = range.first;
  for (const int64_t *call_id = from; call_id < until; call_id++) {
    if (*call_id > next) {
      missing[(*count)++] = {next, *call_id - 1};
    }
    if (*call_id == range.last) {
      return missing;
    }
    next = *call_id + 1;
  }
  missing[(*count)++] = {next, range.last};
  return missing;
}

}  // namespace vidyo_cdr
