// Writing times and comparisons.
#include "core/report/words.hpp"

#include <cstring>

#include "core/html/number.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

constexpr int32_t kMinute = 60;
constexpr int32_t kHour = 60 * kMinute;
constexpr int64_t kWeekdayOfFirstDay = 5;  // 2000-01-01 was a Saturday

void AddMonth(const Date &date, Words *words) noexcept {
  words->Add(MonthName(date.month)).Add(" ");
  AddYear(date.year, words);
}

void AddDay(const Date &date, Words *words) noexcept {
  words->AddDigits(date.day).Add(" ");
  AddMonth(date, words);
}

Words WeekdayText(const ClockTime &time) noexcept {
  Words words(WeekdayName(time.weekday));
  words.Add(" ");
  AddDay(time.date, &words);
  return words;
}

// Adds an offset as UTC-4 or UTC+5:45.
void AddOffset(int32_t seconds_east, Words *words) noexcept {
  const int32_t size = seconds_east < 0 ? -seconds_east : seconds_east;
  words->Add(seconds_east < 0 ? "UTC-" : "UTC+").AddDigits(size / kHour);
  if (size % kHour != 0) {
    words->Add(":").AddDigits(size % kHour / kMinute, 2);
  }
}

void AddTime(const ClockTime &time, bool has_seconds, Words *words) noexcept {
  words->AddDigits(time.hour, 2).Add(":").AddDigits(time.minute, 2);
  if (has_seconds && time.second != 0) {
    words->Add(":").AddDigits(time.second, 2);
  }
  if (time.is_repeated) {
    words->Add(" (");
    AddOffset(time.seconds_east, words);
    words->Add(")");
  }
}

Words MomentText(const ClockTime &time, bool has_seconds) noexcept {
  Words words = WeekdayText(time);
  words.Add(", ");
  AddTime(time, has_seconds, &words);
  return words;
}

}  // namespace

Words &Words::Add(std::string_view text) noexcept {
  if (text.size() <= sizeof bytes_ - size_) {
    std::memcpy(bytes_ + size_, text.data(), text.size());
    size_ += text.size();
  }
  return *this;
}

Words &Words::AddNumber(double number, int decimals) noexcept {
  char digits[kMaxNumberSize];
  const char *end = WriteNumber(digits, number, decimals);
  return Add({digits, static_cast<size_t>(end - digits)});
}

Words &Words::AddDigits(int64_t number, int least) noexcept {
  char digits[24];
  char *const end = digits + sizeof digits;
  char *begin = end;
  for (; number > 0 || end - begin < least; number /= 10) {
    *--begin = static_cast<char>('0' + number % 10);
  }
  return Add({begin, static_cast<size_t>(end - begin)});
}

int DecimalsFor(double largest) noexcept {
  if (largest >= 100) {
    return 0;
  }
  return largest >= 10 ? 1 : 2;
}

Words ChangeText(double now, double before) noexcept {
  if (now == before) {
    return {"unchanged"};
  }
  if (before <= 0) {
    return {"none before"};
  }
  if (now > 10 * before) {
    return {"up more than tenfold"};
  }
  const double percent = (now / before - 1) * 100;
  const double size = percent < 0 ? -percent : percent;
  Words words(percent < 0 ? "down " : "up ");
  if (size < 0.1) {
    return words.Add("less than 0.1 %");
  }
  if (now > 0 && percent < -99) {
    return words.Add("more than 99 %");
  }
  return words.AddNumber(size, size < 9.95 ? 1 : 0).Add(" %");
}

Words Counted(int64_t count, std::string_view one, std::string_view several) noexcept {
  Words words;
  return words.AddNumber(static_cast<double>(count)).Add(" ").Add(count == 1 ? one : several);
}

Words EachText(BucketLength length) noexcept {
  struct Unit {
    int32_t size;
    std::string_view one;
    std::string_view several;
  };
  constexpr Unit kMinutes = {kMinute, "minute", "minutes"};
  constexpr Unit kHours = {kHour, "hour", "hours"};
  constexpr Unit kDays = {1, "day", "days"};
  constexpr Unit kWeeks = {7, "week", "weeks"};
  constexpr Unit kMonths = {1, "month", "months"};
  constexpr Unit kYears = {12, "year", "years"};
  const int32_t count = length.count;
  const Unit &unit = length.unit == BucketLength::kSeconds ? (count < kHour ? kMinutes : kHours)
                     : length.unit == BucketLength::kDays  ? (count < 7 ? kDays : kWeeks)
                                                           : (count < 12 ? kMonths : kYears);
  if (count == unit.size) {
    return Words("each ").Add(unit.one);
  }
  return Words("every ").AddDigits(count / unit.size).Add(" ").Add(unit.several);
}

std::string_view WeekdayName(int32_t weekday) noexcept {
  constexpr std::string_view kNames[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                         "Friday", "Saturday", "Sunday"};
  return kNames[weekday];
}

std::string_view MonthName(int32_t month) noexcept {
  constexpr std::string_view kNames[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
  return kNames[month - 1];
}

void AddYear(int32_t year, Words *words) noexcept {
  words->AddDigits(year > 0 ? year : int64_t{1} - year).Add(year > 0 ? "" : " BC");
}

void AddShortDay(const Date &date, Words *words) noexcept {
  words->AddDigits(date.day).Add(" ").Add(ShortName(MonthName(date.month)));
}

ClockTime ClockWriter::Read(int64_t moment) noexcept {
  const int64_t second = FloorDivision(moment, kMicrosecondsPerSecond).quotient;
  ClockTime time;
  time.seconds_east = rules_.find_offset(second, rules_.zone).seconds_east;
  const int64_t local = second + time.seconds_east;
  const FloorDivision day(local, kSecondsPerDay);
  const auto of_day = static_cast<int32_t>(day.remainder);
  time.date = DateOfDay(day.quotient);
  time.weekday =
      static_cast<int32_t>(FloorDivision(day.quotient + kWeekdayOfFirstDay, 7).remainder);
  time.hour = of_day / kHour;
  time.minute = of_day % kHour / kMinute;
  time.second = of_day % kMinute;
  time.is_repeated = clock_.Find(local).count > 1;
  return time;
}

Words ClockWriter::Time(int64_t moment) noexcept {
  Words words;
  AddTime(Read(moment), true, &words);
  return words;
}

Words ClockWriter::Short(int64_t moment) noexcept {
  const ClockTime time = Read(moment);
  Words words(ShortName(WeekdayName(time.weekday)));
  words.Add(" ");
  AddShortDay(time.date, &words);
  words.Add(" ");
  AddYear(time.date.year, &words);
  words.Add(", ");
  AddTime(time, false, &words);
  return words;
}

Words ClockWriter::Minute(int64_t moment) noexcept { return MomentText(Read(moment), false); }

Words ClockWriter::Moment(int64_t moment) noexcept { return MomentText(Read(moment), true); }

Words ClockWriter::Weekday(int64_t moment) noexcept { return WeekdayText(Read(moment)); }

Words ClockWriter::Bucket(int64_t start, BucketLength length) noexcept {
  if (length.unit == BucketLength::kSeconds) {
    return Moment(start);
  }
  if (length.unit == BucketLength::kDays) {
    return Weekday(start);
  }
  Words words;
  AddMonth(Read(start).date, &words);
  return words;
}

Words ClockWriter::Range(TimeRange range, RangeShape shape) noexcept {
  switch (shape.unit) {
    case RangeShape::kMonths:
      return Months(range);
    case RangeShape::kDays:
      return Days(range);
    case RangeShape::kTime:
      break;
  }
  const Date first = Read(range.start).date;
  const Date last = Read(range.end).date;
  const bool is_one_day =
      first.year == last.year && first.month == last.month && first.day == last.day;
  return Words(Moment(range.start))
      .Add(" to ")
      .Add(is_one_day ? Time(range.end) : Moment(range.end));
}

// Whole months: the last one is that of the moment before the end.
Words ClockWriter::Months(TimeRange range) noexcept {
  const Date first = Read(range.start).date;
  const Date last = Read(range.end - 1).date;
  Words words;
  if (first.month == 1 && last.month == 12) {
    AddYear(first.year, &words);
    if (first.year != last.year) {
      words.Add(" to ");
      AddYear(last.year, &words);
    }
    return words;
  }
  if (first.year != last.year) {
    AddMonth(first, &words);
    words.Add(" to ");
  } else if (first.month != last.month) {
    words.Add(MonthName(first.month)).Add(" to ");
  }
  AddMonth(last, &words);
  return words;
}

Words ClockWriter::Days(TimeRange range) noexcept {
  const Date first = Read(range.start).date;
  const Date last = Read(range.end - 1).date;
  Words words;
  if (first.year != last.year) {
    AddDay(first, &words);
    words.Add(" to ");
  } else if (first.month != last.month) {
    words.AddDigits(first.day).Add(" ").Add(MonthName(first.month)).Add(" to ");
  } else if (first.day != last.day) {
    words.AddDigits(first.day).Add(" to ");
  } else {
    return Weekday(range.start);
  }
  AddDay(last, &words);
  return words;
}

}  // namespace vidyo_cdr
