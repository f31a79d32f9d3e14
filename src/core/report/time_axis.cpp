// Finding ticks along the buckets of an axis.
#include "core/report/time_axis.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

constexpr int64_t kMostTicks = 31;

// Names a moment at which a stretch of that length begins.
TimeTick NameTick(const ClockTime &time, BucketLength length) noexcept {
  TimeTick tick = {};
  Words year;
  AddYear(time.date.year, &year);
  if (length.unit == BucketLength::kSeconds) {
    tick.label.AddDigits(time.hour, 2).Add(":").AddDigits(time.minute, 2);
    tick.context.Add(ShortName(WeekdayName(time.weekday))).Add(" ");
    AddShortDay(time.date, &tick.context);
  } else if (length.unit == BucketLength::kMonths && length.count >= kYear.count) {
    tick.label = year;
  } else if (length.unit == BucketLength::kMonths) {
    tick.label.Add(ShortName(MonthName(time.date.month)));
    tick.context = year;
  } else if (length.count == 1) {
    tick.label.AddDigits(time.date.day);
    tick.context.Add(MonthName(time.date.month)).Add(" ").Add(year);
  } else {
    AddShortDay(time.date, &tick.label);
    tick.context = year;
  }
  return tick;
}

}  // namespace

bool AddTimeTicks(Slice<TimeRange> buckets, ZoneRules rules,
                  GrowingArray<TimeTick> *ticks) noexcept {
  if (buckets.count == 0) {
    return true;
  }
  const TimeRange all = {buckets[0].start, buckets[buckets.count - 1].end};
  const BucketLength length = ChooseBucket(all, kMostTicks);
  Calendar calendar(length, rules.find_offset, rules.zone);
  ClockWriter clock(rules);
  size_t bucket = 0;
  int64_t moment = calendar.Floor(all.start);
  if (moment < all.start) {
    moment = calendar.Next(moment);
  }
  for (; moment < all.end; moment = calendar.Next(moment)) {
    while (buckets[bucket].end <= moment) {
      bucket++;
    }
    const TimeRange &within = buckets[bucket];
    TimeTick tick = NameTick(clock.Read(moment), length);
    tick.at = static_cast<double>(bucket) +
              static_cast<double>(TimeRange{within.start, moment}.Length()) /
                  static_cast<double>(within.Length());
    if (!ticks->Push(tick)) {
      return false;
    }
  }
  return true;
}

}  // namespace vidyo_cdr
