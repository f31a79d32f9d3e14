// Finding boundaries. All of them are at whole seconds.
#include "core/time/calendar.hpp"

#include "core/time/date.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

constexpr int32_t kMonthsPerYear = 12;
constexpr int64_t kDayOfAMonday = 2;  // 2000-01-03

int64_t FloorOf(int64_t value, int64_t step) noexcept {
  return FloorDivision(value, step).quotient * step;
}

int64_t CeilingOf(int64_t value, int64_t step) noexcept { return FloorOf(value + step - 1, step); }

}  // namespace

const ZoneOffset &Calendar::OffsetAt(int64_t second) noexcept {
  if (second < offset_.valid_from || second >= offset_.valid_until) {
    offset_ = find_offset_(second, zone_);
  }
  return offset_;
}

// The number of the bucket of days or months that has the local date of a moment.
int64_t Calendar::UnitAt(int64_t second) noexcept {
  const int64_t day =
      FloorDivision(second + OffsetAt(second).seconds_east, kSecondsPerDay).quotient;
  if (length_.unit == BucketLength::kDays) {
    return FloorDivision(length_.count == 1 ? day : day - kDayOfAMonday, length_.count).quotient;
  }
  const Date date = DateOfDay(day);
  const int64_t month = int64_t{date.year} * kMonthsPerYear + date.month - 1;
  return FloorDivision(month, length_.count).quotient;
}

// The first moment of the bucket with that number.
int64_t Calendar::StartOfUnit(int64_t unit) noexcept {
  int64_t day = unit * length_.count;
  if (length_.unit == BucketLength::kMonths) {
    const FloorDivision year(day, kMonthsPerYear);
    day =
        DayOfDate(static_cast<int32_t>(year.quotient), static_cast<int32_t>(year.remainder) + 1, 1);
  } else if (length_.count != 1) {
    day += kDayOfAMonday;
  }
  return clock_.Find(day * kSecondsPerDay).First();
}

// Clocks that go back over midnight show a date that is over once more, so the bucket of the local
// date need not be the last one that has begun.
int64_t Calendar::FloorOfDays(int64_t second) noexcept {
  for (int64_t unit = UnitAt(second) + 1;; unit--) {
    const int64_t start = StartOfUnit(unit);
    if (start <= second) {
      return start;
    }
  }
}

int64_t Calendar::NextOfDays(int64_t second) noexcept {
  for (int64_t unit = UnitAt(second);; unit++) {
    const int64_t start = StartOfUnit(unit);
    if (start > second) {
      return start;
    }
  }
}

int64_t Calendar::NextOfSeconds(int64_t second) noexcept {
  int64_t from = second + 1;
  for (ZoneOffset offset = OffsetAt(second);;) {
    const int64_t next = CeilingOf(from + offset.seconds_east, length_.count) - offset.seconds_east;
    if (next < offset.valid_until) {
      return next;
    }
    // When the clocks jump over a midnight, the day starts where they arrive.
    from = offset.valid_until;
    const ZoneOffset after = OffsetAt(from);
    if (CeilingOf(from + offset.seconds_east, kSecondsPerDay) < from + after.seconds_east) {
      return from;
    }
    offset = after;
  }
}

// Walks from well before: a bucket is half a day at most, and clocks go back by a day at most.
int64_t Calendar::FloorOfSeconds(int64_t second) noexcept {
  int64_t floor = NextOfSeconds(second - 2 * kSecondsPerDay);
  for (int64_t next = floor; next <= second; next = NextOfSeconds(next)) {
    floor = next;
  }
  return floor;
}

int64_t Calendar::Floor(int64_t moment) noexcept {
  const int64_t second = FloorDivision(moment, kMicrosecondsPerSecond).quotient;
  return kMicrosecondsPerSecond *
         (length_.unit == BucketLength::kSeconds ? FloorOfSeconds(second) : FloorOfDays(second));
}

int64_t Calendar::Next(int64_t moment) noexcept {
  const int64_t second = FloorDivision(moment, kMicrosecondsPerSecond).quotient;
  const int64_t next =
      length_.unit == BucketLength::kSeconds ? NextOfSeconds(second) : NextOfDays(second);
  return next > INT64_MAX / kMicrosecondsPerSecond ? INT64_MAX : next * kMicrosecondsPerSecond;
}

// Whatever a zone does, its clocks are within two weeks of where they were, and change once a month
// at most, which can cost a boundary each time.
int64_t Calendar::BucketsAtLeast(int64_t from, int64_t until) const noexcept {
  constexpr int64_t kMonth = 31 * kSecondsPerDay;
  constexpr int64_t kUnits[] = {1, kSecondsPerDay, kMonth};
  const int64_t seconds = until / kMicrosecondsPerSecond - from / kMicrosecondsPerSecond;
  return (seconds - 14 * kSecondsPerDay) / (length_.count * kUnits[length_.unit]) -
         2 * (seconds / kMonth);
}

}  // namespace vidyo_cdr
