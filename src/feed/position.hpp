// How far a feed has come: tables cdr_feed and cdr_feed_gap.
#pragma once

#include <type_traits>

#include "base/extension.hpp"
#include "base/postgres.hpp"
#include "base/statement.hpp"
#include "feed/call_ids.hpp"

namespace vidyo_cdr {

class FeedPosition {
 public:
  // Reads the position of a source, whose row is made when there is none yet. Lives in the current
  // memory context, in which the names are.
  static FeedPosition *Read(const Extension &extension, const char *source_schema,
                            const char *source_name);

  // All CallIDs up to this one have been asked for.
  int64_t HighestCallId() const { return highest_call_id_; }

  // Notes that CallIDs up to `highest` have been asked for, and which of them did not come.
  void Advance(int64_t highest, CallIdRanges missing);

  // Reads the first gaps that begin above a CallID.
  CallIdRanges ReadGaps(int64_t above, int max_gaps) const;

  // Takes CallIDs that came after all, in ascending order, out of the gaps in which they were.
  void FillGaps(CallIdRanges gaps, const CallIdList &call_ids);

  // Forgets the gaps that have been asked for until they were a day old.
  void ForgetOldGaps();

 private:
  FeedPosition(const Extension &extension, const char *source_schema, const char *source_name);

  void ReadHighest();
  [[noreturn]] void ReportRowGone() const;
  void AddGaps(CallIdRanges gaps, TimestampTz seen_at);
  TimestampTz RemoveGap(int64_t first);

  const char *quoted_schema_;  // the extension's
  Parameter source_schema_;
  Parameter source_name_;
  int64_t highest_call_id_ = 0;
};
static_assert(std::is_trivially_destructible_v<FeedPosition>);

}  // namespace vidyo_cdr
