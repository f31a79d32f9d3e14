// The columns of cdr_usage, and which of them a query uses.
#pragma once

#include <cstdint>

#include "base/postgres.hpp"

namespace vidyo_cdr {

enum UsageColumn : int32_t {
  kBucketStart,
  kBucketEnd,
  kGroupValue,
  kPeakParticipants,
  kPeakTime,
  kAverageParticipants,
  kParticipantMinutes,
  kLegacyMinutes,
  kPeakMeetings,
  kMeetings,
  kUniqueCallers,
  kJoins,
  kAttempts,
  kUnknownEnd,
  kUsageColumnCount
};

// A bit 1 << column for each.
using UsageColumnSet = uint32_t;

// The columns that the query of a call uses; all when the planner has not said so. For the others,
// any values will do.
UsageColumnSet UsedColumns(FunctionCallInfo fcinfo);

}  // namespace vidyo_cdr
