// Finds the moments at which the clocks of a time zone show a given time.
#pragma once

#include <cstdint>

#include "core/time/zone_offset.hpp"

namespace vidyo_cdr {

// When a clock shows a time: once as a rule, twice in the hour that autumn repeats, never in the
// one that spring skips. In seconds since 2000-01-01 00:00 UTC, the earlier one first.
struct Readings {
  int32_t count = 0;
  int64_t utc_seconds[2] = {};
  int64_t gap_end = 0;  // when there is none: the moment at which the clocks jump over it

  // The first moment at which the clocks show that time or, where they skip it, a later one.
  int64_t First() const noexcept { return count > 0 ? utc_seconds[0] : gap_end; }
};

class WallClock {
 public:
  // find_offset is called with `zone` whenever the offset is not known yet.
  WallClock(FindZoneOffset find_offset, void *zone) noexcept
      : find_offset_(find_offset), zone_(zone) {}

  // The moments at which the clocks show `wall_seconds`, counted from 2000-01-01 00:00 by the
  // clock.
  Readings Find(int64_t wall_seconds) noexcept;

 private:
  FindZoneOffset find_offset_;
  void *zone_;
  ZoneOffset offset_;  // of the time before, since records come in order of time
};

}  // namespace vidyo_cdr
