// Finding ranges, by walking along the boundaries of months and days.
#include "core/report/range.hpp"

#include <iterator>

#include "core/time/date.hpp"
#include "core/time/reader.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

constexpr BucketLength kMonth = {BucketLength::kMonths, 1};
constexpr BucketLength kDay = {BucketLength::kDays, 1};

// Ranges of more are told by their bounds alone: nobody counts so far.
constexpr int32_t kMostMonths = 1200;
constexpr int32_t kMostDays = 3660;

Calendar MonthsOf(ZoneRules rules) noexcept { return {kMonth, rules.find_offset, rules.zone}; }

Calendar DaysOf(ZoneRules rules) noexcept { return {kDay, rules.find_offset, rules.zone}; }

// How many whole buckets a range has; 0 if its bounds are no boundaries, or if there are too many.
int32_t CountWhole(Calendar calendar, TimeRange range, int32_t most) noexcept {
  if (calendar.Floor(range.start) != range.start) {
    return 0;
  }
  int32_t count = 0;
  int64_t boundary = range.start;
  for (; boundary < range.end && count < most; count++) {
    boundary = calendar.Next(boundary);
  }
  return boundary == range.end ? count : 0;
}

// The boundary that many buckets before another one.
int64_t GoBack(Calendar calendar, int64_t boundary, int32_t count) noexcept {
  for (int32_t i = 0; i < count; i++) {
    boundary = calendar.Floor(boundary - 1);
  }
  return boundary;
}

}  // namespace

RangeShape ShapeOf(TimeRange range, ZoneRules rules) noexcept {
  if (const int32_t months = CountWhole(MonthsOf(rules), range, kMostMonths); months > 0) {
    return {RangeShape::kMonths, months};
  }
  if (const int32_t days = CountWhole(DaysOf(rules), range, kMostDays); days > 0) {
    return {RangeShape::kDays, days};
  }
  return {RangeShape::kTime, 0};
}

TimeRange LastWholeMonth(int64_t now, ZoneRules rules) noexcept {
  Calendar months = MonthsOf(rules);
  const int64_t end = months.Floor(now);
  return {months.Floor(end - 1), end};
}

bool FindRangeBefore(TimeRange range, RangeShape shape, ZoneRules rules,
                     TimeRange *before) noexcept {
  before->end = range.start;
  if (shape.unit == RangeShape::kTime) {
    if (TimeRange{kFirstMoment, range.start}.Length() < range.Length()) {
      return false;
    }
    before->start = range.start - static_cast<int64_t>(range.Length());
    return true;
  }
  before->start = GoBack(shape.unit == RangeShape::kMonths ? MonthsOf(rules) : DaysOf(rules),
                         range.start, shape.count);
  return before->start >= kFirstMoment;
}

BucketLength ChooseBucket(TimeRange range, int64_t most) noexcept {
  constexpr int32_t kMinute = 60;
  constexpr int32_t kHour = 60 * kMinute;
  constexpr BucketLength kLengths[] = {{BucketLength::kSeconds, kMinute},
                                       {BucketLength::kSeconds, 5 * kMinute},
                                       {BucketLength::kSeconds, 15 * kMinute},
                                       {BucketLength::kSeconds, 30 * kMinute},
                                       {BucketLength::kSeconds, kHour},
                                       {BucketLength::kSeconds, 2 * kHour},
                                       {BucketLength::kSeconds, 6 * kHour},
                                       kDay,
                                       {BucketLength::kDays, 7},
                                       kMonth,
                                       {BucketLength::kMonths, 3},
                                       kYear,
                                       {BucketLength::kMonths, 10 * 12},
                                       {BucketLength::kMonths, 100 * 12},
                                       {BucketLength::kMonths, 1000 * 12}};
  constexpr int64_t kSecondsPerUnit[] = {1, kSecondsPerDay, 30 * kSecondsPerDay};
  const int64_t seconds = range.end / kMicrosecondsPerSecond - range.start / kMicrosecondsPerSecond;
  for (const BucketLength &length : kLengths) {
    if (seconds / (length.count * kSecondsPerUnit[length.unit]) <= most) {
      return length;
    }
  }
  return kLengths[std::size(kLengths) - 1];
}

}  // namespace vidyo_cdr
