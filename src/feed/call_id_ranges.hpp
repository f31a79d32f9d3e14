// Sets of CallIDs, as ranges.
#pragma once

#include "base/memory.hpp"
#include "base/postgres.hpp"

namespace vidyo_cdr {

// The CallIDs from first to last.
struct CallIdRange {
  int64_t first;
  int64_t last;
};

// A part of an array of ranges, in ascending order and apart from each other.
struct CallIdRanges {
  const CallIdRange *ranges;
  int count;
};

// Room for that many ranges, in the current memory context.
inline CallIdRange *MakeCallIdRanges(int64_t count) { return AllocateArray<CallIdRange>(count); }

}  // namespace vidyo_cdr
