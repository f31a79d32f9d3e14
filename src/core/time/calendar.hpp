// Cuts time into buckets by the clocks of a time zone: pieces of a day, days, weeks or months.
// Plain C++: the zone's rules come from the caller.
#pragma once

#include <cstdint>

#include "core/time/wall_clock.hpp"
#include "core/time/zone_offset.hpp"

namespace vidyo_cdr {

// How long a bucket is.
struct BucketLength {
  enum Unit {
    kSeconds,  // divide a day, and are less than one
    kDays,     // 1, or 7 for weeks, which begin on Monday
    kMonths,   // divide a year, which begins in January
  };
  Unit unit;
  int32_t count;
};

// The boundaries between buckets. Those of a day or more are the first moments of their local
// dates. Those below a day are all moments at which the clocks show a multiple of the length since
// midnight, so the repeated hour of autumn has its own, and the first moments of local dates.
class Calendar {
 public:
  // find_offset is called with `zone` whenever the offset is not known yet.
  Calendar(BucketLength length, FindZoneOffset find_offset, void *zone) noexcept
      : length_(length), find_offset_(find_offset), zone_(zone), clock_(find_offset, zone) {}

  // The last boundary at or before a moment, and the first one after it, in microseconds since
  // 2000-01-01 00:00 UTC. Moments are those that PostgreSQL's timestamps can have; boundaries may
  // lie outside of these; INT64_MAX stands for all that are too late for 64 bits.
  int64_t Floor(int64_t moment) noexcept;
  int64_t Next(int64_t moment) noexcept;

  // How many buckets there are at least between two moments, found without counting them.
  int64_t BucketsAtLeast(int64_t from, int64_t until) const noexcept;

 private:
  const ZoneOffset &OffsetAt(int64_t second) noexcept;
  int64_t UnitAt(int64_t second) noexcept;
  int64_t StartOfUnit(int64_t unit) noexcept;
  int64_t FloorOfDays(int64_t second) noexcept;
  int64_t NextOfDays(int64_t second) noexcept;
  int64_t FloorOfSeconds(int64_t second) noexcept;
  int64_t NextOfSeconds(int64_t second) noexcept;

  BucketLength length_;
  FindZoneOffset find_offset_;
  void *zone_;
  WallClock clock_;
  ZoneOffset offset_;  // of the moment before, since moments come in order
};

}  // namespace vidyo_cdr
