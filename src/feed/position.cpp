// Storing a feed's position.
#include "feed/position.hpp"

#include <new>

namespace vidyo_cdr {

namespace {

// The statements, about the source of schema $1 and name $2. %1$s is the extension's schema.
constexpr const char *kAddSource = R"sql(
INSERT INTO %1$s.cdr_feed (source_schema, source_name) VALUES ($1, $2)
ON CONFLICT (source_schema, source_name) DO NOTHING)sql";

constexpr const char *kReadHighest = R"sql(
SELECT highest_call_id FROM %1$s.cdr_feed
WHERE source_schema OPERATOR(pg_catalog.=) $1 AND source_name OPERATOR(pg_catalog.=) $2)sql";

constexpr const char *kAdvance = R"sql(
UPDATE %1$s.cdr_feed SET highest_call_id = $3, synced_at = pg_catalog.now()
WHERE source_schema OPERATOR(pg_catalog.=) $1 AND source_name OPERATOR(pg_catalog.=) $2)sql";

constexpr const char *kAddGap = R"sql(
INSERT INTO %1$s.cdr_feed_gap (source_schema, source_name, first_call_id, last_call_id, seen_at)
VALUES ($1, $2, $3, $4, $5))sql";

// %2$d is how many.
constexpr const char *kReadGaps = R"sql(
SELECT first_call_id, last_call_id FROM %1$s.cdr_feed_gap
WHERE source_schema OPERATOR(pg_catalog.=) $1 AND source_name OPERATOR(pg_catalog.=) $2
    AND first_call_id OPERATOR(pg_catalog.>) $3
ORDER BY first_call_id LIMIT %2$d)sql";

constexpr const char *kRemoveGap = R"sql(
DELETE FROM %1$s.cdr_feed_gap
WHERE source_schema OPERATOR(pg_catalog.=) $1 AND source_name OPERATOR(pg_catalog.=) $2
    AND first_call_id OPERATOR(pg_catalog.=) $3
RETURNING seen_at)sql";

constexpr const char *kForgetOldGaps = R"sql(
DELETE FROM %1$s.cdr_feed_gap
WHERE source_schema OPERATOR(pg_catalog.=) $1 AND source_name OPERATOR(pg_catalog.=) $2
    AND seen_at OPERATOR(pg_catalog.<)
        (pg_catalog.now() OPERATOR(pg_catalog.-) interval '1 day'))sql";

}  // namespace

FeedPosition::FeedPosition(const Extension &extension, const char *source_schema,
                           const char *source_name)
    : quoted_schema_(extension.quoted_schema),
      source_schema_(TextParameter(source_schema)),
      source_name_(TextParameter(source_name)) {}

FeedPosition *FeedPosition::Read(const Extension &extension, const char *source_schema,
                                 const char *source_name) {
  auto *position =
      new (palloc(sizeof(FeedPosition))) FeedPosition(extension, source_schema, source_name);
  position->ReadHighest();
  return position;
}

// Reads the source's row, which it makes when there is none.
void FeedPosition::ReadHighest() {
  RunStatement(psprintf(kAddSource, quoted_schema_), SPI_OK_INSERT, {source_schema_, source_name_});
  RunStatement(psprintf(kReadHighest, quoted_schema_), SPI_OK_SELECT,
               {source_schema_, source_name_});
  if (SPI_processed != 1) {
    ReportRowGone();
  }
  highest_call_id_ = DatumGetInt64(ResultValue(0, 1));
  SPI_freetuptable(SPI_tuptable);
}

// Ends a sync whose rows somebody has taken away.
void FeedPosition::ReportRowGone() const {
  ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                  errmsg("the position of feed \"%s\" was deleted during the sync",
                         TextDatumGetCString(source_name_.value)),
                  errhint("Call sync_cdr again.")));
  pg_unreachable();
}

void FeedPosition::Advance(int64_t highest, CallIdRanges missing) {
  AddGaps(missing, GetCurrentTransactionStartTimestamp());
  const uint64_t updated = RunStatement(psprintf(kAdvance, quoted_schema_), SPI_OK_UPDATE,
                                        {source_schema_, source_name_, NumberParameter(highest)});
  if (updated != 1) {
    ReportRowGone();
  }
  highest_call_id_ = highest;
}

// Notes gaps, and since when they have been known.
void FeedPosition::AddGaps(CallIdRanges gaps, TimestampTz seen_at) {
  for (const CallIdRange &gap : gaps) {
    RunStatement(psprintf(kAddGap, quoted_schema_), SPI_OK_INSERT,
                 {source_schema_, source_name_, NumberParameter(gap.first),
                  NumberParameter(gap.last), MomentParameter(seen_at)});
  }
}

CallIdRanges FeedPosition::ReadGaps(int64_t above, int max_gaps) const {
  RunStatement(psprintf(kReadGaps, quoted_schema_, max_gaps), SPI_OK_SELECT,
               {source_schema_, source_name_, NumberParameter(above)});
  const int count = static_cast<int>(SPI_processed);
  auto *gaps = AllocateArray<CallIdRange>(count);
  for (int row = 0; row < count; row++) {
    gaps[row] = {DatumGetInt64(ResultValue(row, 1)), DatumGetInt64(ResultValue(row, 2))};
  }
  SPI_freetuptable(SPI_tuptable);
  return {gaps, count};
}

void FeedPosition::FillGaps(CallIdRanges gaps, const CallIdList &call_ids) {
  for (const CallIdRange &gap : gaps) {
    const CallIdRanges missing = FindMissing(gap, call_ids);
    const CallIdRange &first = missing.ranges[0];
    const bool is_same = missing.count == 1 && first.first == gap.first && first.last == gap.last;
    if (!is_same) {
      const TimestampTz seen_at = RemoveGap(gap.first);
      AddGaps(missing, seen_at);
    }
  }
}

// Removes the gap that begins with a CallID, and returns since when it has been known.
TimestampTz FeedPosition::RemoveGap(int64_t first) {
  RunStatement(psprintf(kRemoveGap, quoted_schema_), SPI_OK_DELETE_RETURNING,
               {source_schema_, source_name_, NumberParameter(first)});
  if (SPI_processed != 1) {
    ReportRowGone();
  }
  const TimestampTz seen_at = DatumGetTimestampTz(ResultValue(0, 1));
  SPI_freetuptable(SPI_tuptable);
  return seen_at;
}

void FeedPosition::ForgetOldGaps() {
  RunStatement(psprintf(kForgetOldGaps, quoted_schema_), SPI_OK_DELETE,
               {source_schema_, source_name_});
}

}  // namespace vidyo_cdr
