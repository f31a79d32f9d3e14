// Figures of hours put together to those of longer buckets, and of the hours of a week: so that one
// reading gives both.
#pragma once

#include <cstdint>

#include "core/growing_array.hpp"
#include "core/report/range.hpp"
#include "core/slice.hpp"

namespace vidyo_cdr {

// Participants in a stretch of time.
struct Participants {
  int64_t start;
  int64_t end;
  int64_t peak;
  int64_t peak_time;  // meaningless when peak is 0
  double average;
};

// Puts stretches of time that follow each other together to buckets.
class SeriesBuilder {
 public:
  // The stretches are cut at the calendar's boundaries, too; so each lies in one bucket.
  SeriesBuilder(Calendar calendar, Memory memory) noexcept
      : calendar_(calendar), buckets_(memory) {}

  // Returns whether there was memory.
  bool Add(const Participants &part) noexcept;

  Slice<Participants> Buckets() noexcept { return {buckets_.begin(), buckets_.Size()}; }

 private:
  Calendar calendar_;
  int64_t bucket_end_ = INT64_MIN;
  GrowingArray<Participants> buckets_;
};

// Averages of each hour of the week, by the clocks.
class WeekBuilder {
 public:
  static constexpr int32_t kDays = 7;
  static constexpr int32_t kHours = 24;

  explicit WeekBuilder(ZoneRules rules) noexcept : rules_(rules) {}

  // Takes a stretch that lies within an hour.
  void Add(const Participants &part) noexcept;

  // The average of an hour of a weekday, counted from Monday's midnight; 0 when no such hour was.
  double Average(int32_t weekday, int32_t hour) const noexcept {
    const Hour &cell = hours_[weekday][hour];
    return cell.time > 0 ? cell.participant_time / cell.time : 0;
  }

 private:
  struct Hour {
    double time;
    double participant_time;
  };
  ZoneRules rules_;
  Hour hours_[kDays][kHours] = {};
};

}  // namespace vidyo_cdr
