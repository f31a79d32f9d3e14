// Ranges of time as a report needs them: which one to show when none is named, which one came
// before, and how to cut one into buckets. Moments are in microseconds since 2000-01-01 00:00 UTC.
#pragma once

#include <cstdint>

#include "core/time/calendar.hpp"
#include "core/time/zone_offset.hpp"

namespace vidyo_cdr {

struct TimeRange {
  int64_t start;
  int64_t end;  // exclusive

  // The longest one has no length that a signed number holds.
  uint64_t Length() const noexcept {
    return static_cast<uint64_t>(end) - static_cast<uint64_t>(start);
  }
};

// The rules of a zone's clocks.
struct ZoneRules {
  FindZoneOffset find_offset;
  void *zone;
};

// What a range is a whole number of, by the clocks of a zone.
struct RangeShape {
  enum Unit { kMonths, kDays, kTime };
  Unit unit;
  int32_t count;  // of months or days
};

// The shape of a finite range. One of whole months is not one of days; very long ranges are
// neither.
RangeShape ShapeOf(TimeRange range, ZoneRules rules) noexcept;

// The last whole month that is over at that moment.
TimeRange LastWholeMonth(int64_t now, ZoneRules rules) noexcept;

// The range that ends where this one starts: as many months or days, or else just as long. Returns
// false if it would begin before all moments that PostgreSQL knows.
bool FindRangeBefore(TimeRange range, RangeShape shape, ZoneRules rules,
                     TimeRange *before) noexcept;

inline constexpr BucketLength kYear = {BucketLength::kMonths, 12};

// The shortest bucket, from a minute to a thousand years, of which a finite range has no more than
// about that many. Buckets of less than an hour divide one.
BucketLength ChooseBucket(TimeRange range, int64_t most) noexcept;

}  // namespace vidyo_cdr
