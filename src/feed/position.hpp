// How far a feed has come: tables cdr_feed and cdr_feed_gap.
#pragma once

#include <type_traits>

#include "base/extension.hpp"
#include "base/postgres.hpp"
#include "base/statement.hpp"
#include "feed/call_id_ranges.hpp"

namespace vidyo_cdr {

class FeedPosition {
 public:
  // The position of a source, whose row is made when there is none yet. Names in the current memory
  // context.
  FeedPosition(const Extension &extension, const char *source_schema, const char *source_name);

  // All CallIDs up to this one have been asked for.
  int64_t HighestCallId() const { return highest_call_id_; }

  // Notes that CallIDs up to `highest` have been asked for, and which of them did not come.
  void Advance(int64_t highest, CallIdRanges missing);

  // Reads the first gaps that begin above a CallID.
  CallIdRanges ReadGaps(int64_t above, int max_gaps) const;

  // Takes CallIDs that came after all, in ascending order, out of the gaps in which they were.
  void FillGaps(CallIdRanges gaps, const int64_t *call_ids, int64_t count);

  // Forgets the gaps that have been asked for until they were a day old.
  void ForgetOldGaps();

 private:
  [[noreturn]] void ReportRowGone() const;
  void AddGaps(CallIdRanges gaps, TimestampTz seen_at);
  TimestampTz RemoveGap(int64_t first);

  const char *schema_;  // the extension's, quoted
  Parameter source_schema_;
  Parameter source_name_;
  int64_t highest_call_id_ = 0;
};
static_assert(std::is_trivially_destructible_v<FeedPosition>);

// Finds the CallIDs in a range that are not among the given ones, which are in ascending order and
// may reach beyond it.
CallIdRanges FindMissing(CallIdRange range, const int64_t *call_ids, int64_t call_id_count);

}  // namespace vidyo_cdr
