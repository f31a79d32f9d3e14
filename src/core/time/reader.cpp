// Reading times digit by digit.
#include "core/time/reader.hpp"

#include "core/time/date.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

bool IsDigit(char byte) noexcept { return byte >= '0' && byte <= '9'; }

// Takes pieces off the front of a text.
class Pieces {
 public:
  explicit Pieces(std::string_view text) noexcept : rest_(text) {}

  bool AtEnd() const noexcept { return rest_.empty(); }

  bool Take(char byte) noexcept {
    if (rest_.empty() || rest_.front() != byte) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }

  // Takes a number of at least `min_digits` and at most `max_digits` digits.
  bool TakeNumber(size_t min_digits, size_t max_digits, int32_t *number) noexcept {
    *number = 0;
    size_t digits = 0;
    while (digits < max_digits && digits < rest_.size() && IsDigit(rest_[digits])) {
      *number = *number * 10 + (rest_[digits] - '0');
      digits++;
    }
    rest_.remove_prefix(digits);
    return digits >= min_digits;
  }

  size_t Size() const noexcept { return rest_.size(); }

 private:
  std::string_view rest_;
};

bool IsLeapYear(int32_t year) noexcept {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int32_t DaysInMonth(int32_t year, int32_t month) noexcept {
  constexpr int8_t kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeapYear(year) ? 29 : kDays[month - 1];
}

bool TakeDate(Pieces *pieces, Date *date) noexcept {
  return pieces->TakeNumber(4, 6, &date->year) && pieces->Take('-') &&
         pieces->TakeNumber(2, 2, &date->month) && pieces->Take('-') &&
         pieces->TakeNumber(2, 2, &date->day);
}

// Takes HH:MM:SS and sets the second of the day.
bool TakeTimeOfDay(Pieces *pieces, int64_t *second_of_day) noexcept {
  int32_t hour;
  int32_t minute;
  int32_t second;
  if (!pieces->TakeNumber(2, 2, &hour) || !pieces->Take(':') ||
      !pieces->TakeNumber(2, 2, &minute) || !pieces->Take(':') ||
      !pieces->TakeNumber(2, 2, &second)) {
    return false;
  }
  *second_of_day = hour * 3600 + minute * 60 + second;
  return hour < 24 && minute < 60 && second < 60;
}

// Takes the fraction of a second, when there is one.
bool TakeFraction(Pieces *pieces, int32_t *microseconds) noexcept {
  *microseconds = 0;
  if (!pieces->Take('.')) {
    return true;
  }
  const size_t before = pieces->Size();
  if (!pieces->TakeNumber(1, 6, microseconds)) {
    return false;
  }
  for (size_t digits = before - pieces->Size(); digits < 6; digits++) {
    *microseconds *= 10;
  }
  return true;
}

// Takes Z, or +HH, +HHMM, +HH:MM or +HH:MM:SS, when there is an offset; in seconds east of UTC.
// A POSIX zone can be up to 167 hours away; +053 could as well be minutes and is refused.
bool TakeOffset(Pieces *pieces, bool *has_offset, int64_t *seconds_east) noexcept {
  *seconds_east = 0;
  *has_offset = pieces->Take('Z') || pieces->Take('z');
  if (*has_offset) {
    return true;
  }
  const bool is_west = pieces->Take('-');
  if (!is_west && !pieces->Take('+')) {
    return true;
  }
  *has_offset = true;

  const size_t before = pieces->Size();
  int32_t hours;
  int32_t minutes = 0;
  int32_t seconds = 0;
  if (!pieces->TakeNumber(2, 4, &hours)) {
    return false;
  }
  const size_t digits = before - pieces->Size();
  if (digits == 3 && hours < 100) {
    return false;
  }
  if (digits == 4) {
    minutes = hours % 100;
    hours /= 100;
  } else if (pieces->Take(':')) {
    if (!pieces->TakeNumber(2, 2, &minutes) ||
        (pieces->Take(':') && !pieces->TakeNumber(2, 2, &seconds))) {
      return false;
    }
  }
  *seconds_east = (hours * 3600 + minutes * 60 + seconds) * (is_west ? -1 : 1);
  return hours < 168 && minutes < 60 && seconds < 60;
}

// Takes " BC", when it is there, and counts the year accordingly.
void TakeEra(Pieces *pieces, Date *date) noexcept {
  Pieces era = *pieces;
  if (era.Take(' ') && era.Take('B') && era.Take('C')) {
    *pieces = era;
    date->year = 1 - date->year;
  }
}

}  // namespace

bool ReadTime(std::string_view text, WrittenTime *time) noexcept {
  Pieces pieces(text);
  Date date;
  int64_t second_of_day;
  int64_t seconds_east;
  if (!TakeDate(&pieces, &date) || !(pieces.Take(' ') || pieces.Take('T')) ||
      !TakeTimeOfDay(&pieces, &second_of_day) || !TakeFraction(&pieces, &time->microseconds) ||
      !TakeOffset(&pieces, &time->has_offset, &seconds_east)) {
    return false;
  }
  if (date.year == 0) {
    return false;
  }
  TakeEra(&pieces, &date);
  if (!pieces.AtEnd() || date.month < 1 || date.month > 12 || date.day < 1 ||
      date.day > DaysInMonth(date.year, date.month)) {
    return false;
  }
  time->seconds =
      DayOfDate(date.year, date.month, date.day) * kSecondsPerDay + second_of_day - seconds_east;
  return true;
}

bool IsOtherDateStyle(std::string_view text) noexcept {
  // Postgres: Wed Dec 17 07:37:16 1997 PST, or with day and month changed over.
  for (const std::string_view weekday : {"Mon ", "Tue ", "Wed ", "Thu ", "Fri ", "Sat ", "Sun "}) {
    if (text.substr(0, 4) == weekday) {
      return true;
    }
  }
  // SQL: 12/17/1997 07:37:16; German: 17.12.1997 07:37:16
  Pieces pieces(text);
  int32_t number;
  return pieces.TakeNumber(2, 2, &number) && (pieces.Take('/') || pieces.Take('.')) &&
         pieces.TakeNumber(2, 2, &number) && (pieces.Take('/') || pieces.Take('.')) &&
         pieces.TakeNumber(4, 4, &number);
}

}  // namespace vidyo_cdr
