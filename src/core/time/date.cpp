// From dates to days and back. Both count in years that begin on 1 March, whose months have a
// regular pattern of lengths, and in eras of 400 years (146097 days): Howard Hinnant,
// "chrono-Compatible Low-Level Date Algorithms", days_from_civil and civil_from_days.
#include "core/time/date.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

constexpr int64_t kDaysFromMarchOfYear0 = 730425;
constexpr int64_t kDaysPerEra = 146097;

}  // namespace

int64_t DayOfDate(int32_t year, int32_t month, int32_t day) noexcept {
  const FloorDivision era(month <= 2 ? year - 1 : year, 400);
  const int64_t year_of_era = era.remainder;
  const int64_t month_from_march = month > 2 ? month - 3 : month + 9;
  const int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era.quotient * kDaysPerEra + day_of_era - kDaysFromMarchOfYear0;
}

Date DateOfDay(int64_t day) noexcept {
  const FloorDivision era(day + kDaysFromMarchOfYear0, kDaysPerEra);
  const int64_t day_of_era = era.remainder;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  const int64_t year = year_of_era + era.quotient * 400 + (month <= 2 ? 1 : 0);
  return {static_cast<int32_t>(year), static_cast<int32_t>(month),
          static_cast<int32_t>(day_of_year - (153 * month_from_march + 2) / 5 + 1)};
}

}  // namespace vidyo_cdr
