// From a clock's time to moments.
#include "core/time/wall_clock.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

// Further than any zone is from UTC: a POSIX zone can be up to 167 hours away, and may change from
// one end to the other.
constexpr int64_t kReach = int64_t{14} * 86400;

}  // namespace

Readings WallClock::Find(int64_t wall_seconds) noexcept {
  // Far from any change of the offset there is one reading.
  const int64_t likely = wall_seconds - offset_.seconds_east;
  if (likely >= offset_.valid_from + kReach && offset_.valid_until - kReach > likely) {
    return {1, {likely, 0}, 0};
  }

  Readings readings;
  int64_t from = wall_seconds - 2 * kReach;
  offset_ = find_offset_(from, zone_);
  for (ZoneOffset offset = offset_; from <= wall_seconds + kReach;) {
    const int64_t moment = wall_seconds - offset.seconds_east;
    if (moment >= from && moment < offset.valid_until && readings.count < 2) {
      readings.utc_seconds[readings.count++] = moment;
    }
    if (offset.valid_until > wall_seconds + kReach) {
      break;
    }
    from = offset.valid_until;
    offset = find_offset_(from, zone_);
    if (moment >= from && wall_seconds - offset.seconds_east < from) {
      readings.gap_end = from;
    }
  }
  return readings;
}

}  // namespace vidyo_cdr
