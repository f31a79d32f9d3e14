// The ticks of an axis of time, by the clocks of a zone.
#pragma once

#include "core/growing_array.hpp"
#include "core/report/range.hpp"
#include "core/report/words.hpp"
#include "core/slice.hpp"

namespace vidyo_cdr {

struct TimeTick {
  double at;      // counted in buckets
  Words label;    // 14:00; 13; 13 Jan; Mar; 2026
  Words context;  // what the label leaves open: Tue 13 Jan; January 2026; 2026; empty
};

// Adds the ticks of an axis along buckets, which follow each other; no more than some thirty.
// Returns whether there was memory.
bool AddTimeTicks(Slice<TimeRange> buckets, ZoneRules rules,
                  GrowingArray<TimeTick> *ticks) noexcept;

}  // namespace vidyo_cdr
