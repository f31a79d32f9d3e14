// The offset of a time zone's clocks from UTC. The zone's rules come from the caller.
#pragma once

#include <cstdint>

namespace vidyo_cdr {

// The zone's offset during a stretch of time, in seconds since 2000-01-01 00:00 UTC.
struct ZoneOffset {
  int64_t valid_from = 0;
  int64_t valid_until = 0;  // exclusive
  int32_t seconds_east = 0;
};

// Finds the offset at a moment, and a stretch in which it holds: from that moment, or earlier,
// until the zone's next change.
using FindZoneOffset = ZoneOffset (*)(int64_t utc_seconds, void *zone) noexcept;

}  // namespace vidyo_cdr
