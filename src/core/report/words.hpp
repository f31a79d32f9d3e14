// Times and comparisons as people write them: "Tuesday 6 January 2026, 10:15", "up 12 %". In
// English, whatever the locale is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/report/range.hpp"
#include "core/time/date.hpp"
#include "core/time/wall_clock.hpp"

namespace vidyo_cdr {

// A short text in a place of its own; what does not fit is left out.
class Words {
 public:
  Words() noexcept = default;
  Words(std::string_view words) noexcept { Add(words); }

  Words &Add(std::string_view text) noexcept;
  Words &AddNumber(double number, int decimals = 0) noexcept;
  Words &AddDigits(int64_t number, int least = 1) noexcept;  // without separators

  std::string_view View() const noexcept { return {bytes_, size_}; }
  operator std::string_view() const noexcept { return View(); }

 private:
  char bytes_[160];
  size_t size_ = 0;
};

// How many decimals amounts need whose largest one is this: 2 below 10, 1 below 100, and none
// above.
int DecimalsFor(double largest) noexcept;

// How a figure compares with an earlier one: "up 12 %", "down 3.0 %", "unchanged", "none before".
Words ChangeText(double now, double before) noexcept;

// "1 room", "1,234 rooms".
Words Counted(int64_t count, std::string_view one, std::string_view several) noexcept;

// "each minute", "every 6 hours", "each week", "every 3 months"
Words EachText(BucketLength length) noexcept;

std::string_view WeekdayName(int32_t weekday) noexcept;  // from 0, Monday
std::string_view MonthName(int32_t month) noexcept;      // from 1

// The beginning of such a name, for little room: Tue, Jan.
constexpr std::string_view ShortName(std::string_view name) noexcept { return name.substr(0, 3); }

// Add parts of a date: 2026, 44 BC; 6 Jan.
void AddYear(int32_t year, Words *words) noexcept;
void AddShortDay(const Date &date, Words *words) noexcept;

// What clocks show at a moment.
struct ClockTime {
  Date date;
  int32_t weekday;  // from 0, Monday
  int32_t hour;
  int32_t minute;
  int32_t second;
  int32_t seconds_east;
  bool is_repeated;  // they show it twice, as in autumn
};

// Writes moments by the clocks of a zone.
class ClockWriter {
 public:
  explicit ClockWriter(ZoneRules rules) noexcept
      : rules_(rules), clock_(rules.find_offset, rules.zone) {}

  ClockTime Read(int64_t moment) noexcept;

  Words Time(int64_t moment) noexcept;     // 10:15; 10:15:20; 01:15 (UTC-4), when that comes twice
  Words Short(int64_t moment) noexcept;    // Tue 6 Jan 2026, 10:15
  Words Minute(int64_t moment) noexcept;   // Tuesday 6 January 2026, 10:15
  Words Moment(int64_t moment) noexcept;   // the same with seconds, if there are some
  Words Weekday(int64_t moment) noexcept;  // Tuesday 6 January 2026

  // What the bucket is called that begins there: by its month, its day, or its first moment.
  Words Bucket(int64_t start, BucketLength length) noexcept;

  // January 2026; January to March 2026; 2025; Tuesday 6 January 2026; 6 to 8 January 2026; or from
  // one moment to another.
  Words Range(TimeRange range, RangeShape shape) noexcept;

 private:
  Words Months(TimeRange range) noexcept;
  Words Days(TimeRange range) noexcept;

  ZoneRules rules_;
  WallClock clock_;
};

}  // namespace vidyo_cdr
