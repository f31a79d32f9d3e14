// Days and dates of the Gregorian calendar, carried back to all times. Plain C++.
#pragma once

#include <cstdint>

namespace vidyo_cdr {

inline constexpr int64_t kSecondsPerDay = 86400;
inline constexpr int64_t kMicrosecondsPerSecond = 1000000;

// Quotient and remainder for times before the epoch too: the remainder is never negative.
struct FloorDivision {
  FloorDivision(int64_t dividend, int64_t divisor) noexcept
      : quotient(dividend / divisor), remainder(dividend % divisor) {
    if (remainder < 0) {
      quotient--;
      remainder += divisor;
    }
  }
  int64_t quotient;
  int64_t remainder;
};

// A date; year 0 is 1 BC.
struct Date {
  int32_t year;
  int32_t month;
  int32_t day;
};

// The day of a date, counted from 2000-01-01.
int64_t DayOfDate(int32_t year, int32_t month, int32_t day) noexcept;

// The date of such a day.
Date DateOfDay(int64_t day) noexcept;

}  // namespace vidyo_cdr
