// Moments as text without a server: what PostgreSQL 15 printed for chosen moments and zones, every
// day and offset against a calendar that is walked day by day, and what is remembered between
// moments.
#include "core/time/writer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "fake_zones.hpp"

namespace vidyo_cdr {
namespace {

constexpr int64_t kSecond = 1000000;
constexpr int64_t kDay = 86400 * kSecond;

// PostgreSQL's first and last moment: 4714-11-24 00:00:00 BC and 294276-12-31 23:59:59.999999.
constexpr int64_t kFirstMoment = -211813488000000000;
constexpr int64_t kLastMoment = 9223371331199999999;

// Writes a moment between guard bytes, which must stay as they are.
std::string Text(TimestampWriter &writer, int64_t moment) {
  constexpr size_t kGuardSize = 32;
  constexpr char kGuard = '\x5a';
  char room[kGuardSize + TimestampWriter::kMaxSize + kGuardSize];
  std::memset(room, kGuard, sizeof room);
  char *const begin = room + kGuardSize;
  const char *const end = writer.Write(begin, moment);
  const auto is_guard = [](char byte) { return byte == kGuard; };
  EXPECT_TRUE(std::all_of(room, begin, is_guard)) << moment;
  EXPECT_TRUE(std::all_of(begin + TimestampWriter::kMaxSize, room + sizeof room, is_guard))
      << moment;
  EXPECT_TRUE(begin < end && end <= begin + TimestampWriter::kMaxSize) << moment;
  return std::string(begin, static_cast<size_t>(end - begin));
}

std::string TextAt(int32_t seconds_east, int64_t moment,
                   TimestampForm form = TimestampForm::kWithOffset) {
  FakeZone zone(seconds_east);
  TimestampWriter writer(form, FakeZone::Find, &zone);
  return Text(writer, moment);
}

// What PostgreSQL 15 wrote with DateStyle ISO; seconds_east is the zone's offset at the moment.
struct FromPostgres {
  const char *zone;
  int32_t seconds_east;
  int64_t moment;
  const char *text;
};

void ExpectAsPostgres(const std::vector<FromPostgres> &rows) {
  for (const FromPostgres &row : rows) {
    EXPECT_EQ(TextAt(row.seconds_east, row.moment), row.text) << row.zone;
  }
}

TEST(TimestampWriterAsPostgres, Years) {
  ExpectAsPostgres({
      {"UTC", 0, 0, "2000-01-01 00:00:00+00"},
      {"UTC", 0, -63082281600000000, "0001-01-01 00:00:00+00"},
      {"UTC", 0, -31574188800000000, "0999-06-15 00:00:00+00"},
      {"UTC", 0, 252455615999999999, "9999-12-31 23:59:59.999999+00"},
      {"UTC", 0, 252455616000000000, "10000-01-01 00:00:00+00"},
      {"UTC", 0, kLastMoment, "294276-12-31 23:59:59.999999+00"},
      {"America/Juneau", -32400, kLastMoment, "294276-12-31 14:59:59.999999-09"},
  });
}

TEST(TimestampWriterAsPostgres, YearsBeforeChrist) {
  ExpectAsPostgres({
      {"UTC", 0, -63082281600000001, "0001-12-31 23:59:59.999999+00 BC"},
      {"UTC", 0, -63108806400000000, "0001-02-29 00:00:00+00 BC"},
      {"UTC", 0, -63234993600000000, "0005-02-29 12:00:00+00 BC"},
      {"UTC", 0, -64464465600000000, "0044-03-15 12:00:00+00 BC"},
      {"UTC", 0, kFirstMoment, "4714-11-24 00:00:00+00 BC"},
      {"UTC", 0, -211813487999999999, "4714-11-24 00:00:00.000001+00 BC"},
      {"America/Juneau", 54139, -211813487999999999, "4714-11-24 15:02:19.000001+15:02:19 BC"},
      {"Asia/Manila", -57368, -211813487999999999, "4714-11-23 08:03:52.000001-15:56:08 BC"},
      {"Asia/Manila", -57368, kFirstMoment, "4714-11-23 08:03:52-15:56:08 BC"},
  });
}

// The offset alone can carry a moment over the turn of the era.
TEST(TimestampWriterAsPostgres, TurnOfTheEraThroughTheOffset) {
  ExpectAsPostgres({
      {"Asia/Manila", -57368, -63082224232000001, "0001-12-31 23:59:59.999999-15:56:08 BC"},
      {"Asia/Manila", -57368, -63082224232000000, "0001-01-01 00:00:00-15:56:08"},
      {"Asia/Manila", -57368, -63082281600500000, "0001-12-31 08:03:51.5-15:56:08 BC"},
      {"America/Juneau", 54139, -63082281600500000, "0001-01-01 15:02:18.5+15:02:19"},
      {"<A>+5", -18000, -63082281600000000, "0001-12-31 19:00:00-05 BC"},
      {"<A>-5", 18000, -63082285200000000, "0001-01-01 04:00:00+05"},
  });
}

TEST(TimestampWriterAsPostgres, LeapDays) {
  ExpectAsPostgres({
      {"UTC", 0, -3150576001000000, "1900-02-28 23:59:59+00"},
      {"UTC", 0, -3150576000000000, "1900-03-01 00:00:00+00"},
      {"UTC", 0, 5140800000000, "2000-02-29 12:00:00+00"},
      {"UTC", 0, 762566399900000, "2024-02-29 23:59:59.9+00"},
      {"America/New_York", -18000, 762584399000000, "2024-02-29 23:59:59-05"},
      {"UTC", 0, 3160857599000000, "2100-02-28 23:59:59+00"},
      {"UTC", 0, 3160857600000000, "2100-03-01 00:00:00+00"},
  });
}

TEST(TimestampWriterAsPostgres, FractionsWithoutTrailingZeros) {
  ExpectAsPostgres({
      {"UTC", 0, 823194000100000, "2026-01-31 17:00:00.1+00"},
      {"UTC", 0, 823194000120000, "2026-01-31 17:00:00.12+00"},
      {"UTC", 0, 823194000123000, "2026-01-31 17:00:00.123+00"},
      {"UTC", 0, 823194000123456, "2026-01-31 17:00:00.123456+00"},
      {"UTC", 0, 823194000000001, "2026-01-31 17:00:00.000001+00"},
      {"UTC", 0, 823194000000010, "2026-01-31 17:00:00.00001+00"},
      {"UTC", 0, 823194000000100, "2026-01-31 17:00:00.0001+00"},
      {"UTC", 0, 823194000100001, "2026-01-31 17:00:00.100001+00"},
      {"UTC", 0, 823194000500000, "2026-01-31 17:00:00.5+00"},
      {"UTC", 0, 823194000999999, "2026-01-31 17:00:00.999999+00"},
  });
}

// Before 2000 a fraction still counts forward from the second before.
TEST(TimestampWriterAsPostgres, FractionsBefore2000) {
  ExpectAsPostgres({
      {"UTC", 0, -1, "1999-12-31 23:59:59.999999+00"},
      {"UTC", 0, -1000000, "1999-12-31 23:59:59+00"},
      {"UTC", 0, -1750000, "1999-12-31 23:59:58.25+00"},
      {"UTC", 0, -946684800500000, "1969-12-31 23:59:59.5+00"},
      {"America/Juneau", 54139, -6311347199000001, "1800-01-01 15:02:19.999999+15:02:19"},
      {"Asia/Manila", -57368, -6311347199000001, "1799-12-31 08:03:52.999999-15:56:08"},
  });
}

TEST(TimestampWriterAsPostgres, OffsetsWithMinutes) {
  ExpectAsPostgres({
      {"Asia/Kolkata", 19800, 823199399000000, "2026-01-31 23:59:59+05:30"},
      {"Asia/Kolkata", 19800, 823199400000000, "2026-02-01 00:00:00+05:30"},
      {"Asia/Kathmandu", 20700, 823198499750000, "2026-01-31 23:59:59.75+05:45"},
      {"Asia/Kathmandu", 20700, 823198500000000, "2026-02-01 00:00:00+05:45"},
      {"Pacific/Chatham", 49500, 823176000000000, "2026-02-01 01:45:00+13:45"},
      {"Australia/Lord_Howe", 37800, 765730800000000, "2024-04-07 01:30:00+10:30"},
      {"Pacific/Marquesas", -34200, 823166999000000, "2026-01-30 23:59:59-09:30"},
      {"Pacific/Marquesas", -34200, 823167000000000, "2026-01-31 00:00:00-09:30"},
      {"America/St_Johns", -12600, 823145399500000, "2026-01-30 23:59:59.5-03:30"},
      {"America/St_Johns", -12600, 823145400000000, "2026-01-31 00:00:00-03:30"},
      {"<A>+0:30", -1800, 820540800000000, "2025-12-31 23:30:00-00:30"},
  });
}

TEST(TimestampWriterAsPostgres, OffsetsWithSeconds) {
  ExpectAsPostgres({
      {"Europe/Amsterdam", 1172, -2840140800000000, "1910-01-01 00:19:32+00:19:32"},
      {"Europe/Amsterdam", 1172, -2808605972000001, "1910-12-31 23:59:59.999999+00:19:32"},
      {"Europe/Amsterdam", 1172, -2808605972000000, "1911-01-01 00:00:00+00:19:32"},
      {"Africa/Monrovia", -2588, -2840140800000000, "1909-12-31 23:16:52-00:43:08"},
      {"Africa/Monrovia", -2670, -915146130000001, "1970-12-31 23:59:59.999999-00:44:30"},
      {"Africa/Monrovia", -2670, -915146130000000, "1971-01-01 00:00:00-00:44:30"},
      {"America/New_York", -17762, -3692131200000000, "1882-12-31 19:03:58-04:56:02"},
      {"America/St_Johns", -12652, -2208988800000000, "1929-12-31 20:29:08-03:30:52"},
      {"Asia/Tokyo", 33539, -6311347200000000, "1800-01-01 09:18:59+09:18:59"},
      {"Europe/London", -75, -6311347200000000, "1799-12-31 23:58:45-00:01:15"},
      {"Europe/London", -75, -6311347125000000, "1800-01-01 00:00:00-00:01:15"},
      {"Europe/Lisbon", -2205, -3155671395000001, "1899-12-31 23:59:59.999999-00:36:45"},
      {"1.00834", 3630, 823132800000000, "2026-01-31 01:00:30+01:00:30"},
      {"-5.0042", -18015, 823132800000000, "2026-01-30 18:59:45-05:00:15"},
      {"-0.0003", -1, 823132800000000, "2026-01-30 23:59:59-00:00:01"},
  });
}

// Zones that a user makes up may be nearly a week off: SET TIME ZONE 100.
TEST(TimestampWriterAsPostgres, OffsetsOfDays) {
  ExpectAsPostgres({
      {"<A>-99:30", 358200, 823132800000000, "2026-02-04 03:30:00+99:30"},
      {"100", 360000, 823132800000000, "2026-02-04 04:00:00+100"},
      {"-100", -360000, 823132800000000, "2026-01-26 20:00:00-100"},
      {"<A>+167:59", -604740, 823132800000000, "2026-01-24 00:01:00-167:59"},
      {"1.33333", 4799, 823132800000000, "2026-01-31 01:19:59+01:19:59"},
      {"167.99", 604764, kLastMoment, "294277-01-07 23:59:23.999999+167:59:24"},
      {"167.99", 604764, kFirstMoment + 1, "4714-11-30 23:59:24.000001+167:59:24 BC"},
  });
}

TEST(TimestampWriterAsPostgres, WholeHoursEastAndWest) {
  ExpectAsPostgres({
      {"Pacific/Kiritimati", 50400, 823168799000000, "2026-01-31 23:59:59+14"},
      {"Pacific/Kiritimati", 50400, 823168800000000, "2026-02-01 00:00:00+14"},
      {"Pacific/Pago_Pago", -39600, 823172399000000, "2026-01-30 23:59:59-11"},
      {"America/New_York", -18000, 789004799000000, "2024-12-31 18:59:59-05"},
      {"America/New_York", -18000, 789022799000000, "2024-12-31 23:59:59-05"},
      {"America/New_York", -18000, 789022800000000, "2025-01-01 00:00:00-05"},
      {"America/New_York", -14400, 773121599000000, "2024-06-30 23:59:59-04"},
  });
}

TEST(TimestampWriterAsPostgres, ClocksGoForwardAndBack) {
  FakeZone zone = NewYork();
  TimestampWriter writer(TimestampForm::kWithOffset, FakeZone::Find, &zone);
  EXPECT_EQ(Text(writer, 763369199999999), "2024-03-10 01:59:59.999999-05");
  EXPECT_EQ(Text(writer, 763369200000000), "2024-03-10 03:00:00-04");
  EXPECT_EQ(Text(writer, 783927000000000), "2024-11-03 01:30:00-04");
  EXPECT_EQ(Text(writer, 783928799999999), "2024-11-03 01:59:59.999999-04");
  EXPECT_EQ(Text(writer, 783928800000000), "2024-11-03 01:00:00-05");
  EXPECT_EQ(Text(writer, 783930600000000), "2024-11-03 01:30:00-05");
}

TEST(TimestampWriterAsPostgres, ClocksChangeByHalfAnHour) {
  FakeZone zone = LordHowe();
  TimestampWriter writer(TimestampForm::kWithOffset, FakeZone::Find, &zone);
  EXPECT_EQ(Text(writer, 765730799000000), "2024-04-07 01:59:59+11");
  EXPECT_EQ(Text(writer, 765730800000000), "2024-04-07 01:30:00+10:30");
  EXPECT_EQ(Text(writer, 781457399000000), "2024-10-06 01:59:59+10:30");
  EXPECT_EQ(Text(writer, 781457400000000), "2024-10-06 02:30:00+11");
}

// The portal's form has neither offset nor fraction; a fraction does not round up.
TEST(TimestampWriter, WallClock) {
  const TimestampForm form = TimestampForm::kWallClock;
  EXPECT_EQ(TextAt(-18000, 823194000250000, form), "2026-01-31 12:00:00");
  EXPECT_EQ(TextAt(19800, 823199399999999, form), "2026-01-31 23:59:59");
  EXPECT_EQ(TextAt(-2670, -915146130000001, form), "1970-12-31 23:59:59");
  EXPECT_EQ(TextAt(0, -1, form), "1999-12-31 23:59:59");
  EXPECT_EQ(TextAt(0, kFirstMoment, form), "4714-11-24 00:00:00 BC");
  EXPECT_EQ(TextAt(0, kLastMoment, form), "294276-12-31 23:59:59");
}

TEST(TimestampWriter, WallClockChangesWithTheZone) {
  FakeZone zone = NewYork();
  TimestampWriter writer(TimestampForm::kWallClock, FakeZone::Find, &zone);
  EXPECT_EQ(Text(writer, 763369199999999), "2024-03-10 01:59:59");
  EXPECT_EQ(Text(writer, 763369200000000), "2024-03-10 03:00:00");
  EXPECT_EQ(Text(writer, 783928799999999), "2024-11-03 01:59:59");
  EXPECT_EQ(Text(writer, 783928800000000), "2024-11-03 01:00:00");
  EXPECT_EQ(zone.TimesAsked(), 3);
}

TEST(TimestampWriter, InfinityAsksForNoOffset) {
  for (const TimestampForm form : {TimestampForm::kWithOffset, TimestampForm::kWallClock}) {
    FakeZone zone = NewYork();
    TimestampWriter writer(form, FakeZone::Find, &zone);
    EXPECT_EQ(Text(writer, TimestampWriter::kInfinity), "infinity");
    EXPECT_EQ(Text(writer, TimestampWriter::kMinusInfinity), "-infinity");
    EXPECT_EQ(zone.TimesAsked(), 0);
  }
  EXPECT_EQ(TimestampWriter::kInfinity, INT64_MAX);
  EXPECT_EQ(TimestampWriter::kMinusInfinity, INT64_MIN);
}

TEST(TimestampWriter, InfinityLeavesWhatIsRemembered) {
  FakeZone zone = NewYork();
  TimestampWriter writer(TimestampForm::kWithOffset, FakeZone::Find, &zone);
  EXPECT_EQ(Text(writer, 783930600000000), "2024-11-03 01:30:00-05");
  EXPECT_EQ(Text(writer, TimestampWriter::kMinusInfinity), "-infinity");
  EXPECT_EQ(Text(writer, TimestampWriter::kInfinity), "infinity");
  EXPECT_EQ(Text(writer, 783930600000000), "2024-11-03 01:30:00-05");
  EXPECT_EQ(zone.TimesAsked(), 1);
}

// valid_from is inside the stretch, valid_until is not, and fractions belong to their second.
TEST(TimestampWriter, AsksOnceInAStretch) {
  FakeZone zone = NewYork();
  TimestampWriter writer(TimestampForm::kWithOffset, FakeZone::Find, &zone);
  EXPECT_EQ(zone.TimesAsked(), 0);
  Text(writer, 770000000500000);
  EXPECT_EQ(zone.TimesAsked(), 1);
  EXPECT_EQ(zone.LastAsked(), 770000000);
  for (const int64_t moment : {763369200000000, 783928799999999, 763369200000001, 783928799000000,
                               770000000500000, 763369200999999}) {
    Text(writer, moment);
    EXPECT_EQ(zone.TimesAsked(), 1) << moment;
  }
  EXPECT_EQ(Text(writer, 783928800000000), "2024-11-03 01:00:00-05");
  EXPECT_EQ(zone.TimesAsked(), 2);
  EXPECT_EQ(zone.LastAsked(), 783928800);
}

TEST(TimestampWriter, AsksAgainOnTheWayBack) {
  FakeZone zone = NewYork();
  TimestampWriter writer(TimestampForm::kWithOffset, FakeZone::Find, &zone);
  EXPECT_EQ(Text(writer, 783928800000000), "2024-11-03 01:00:00-05");
  EXPECT_EQ(Text(writer, 783928799999999), "2024-11-03 01:59:59.999999-04");
  EXPECT_EQ(zone.TimesAsked(), 2);
  EXPECT_EQ(zone.LastAsked(), 783928799);
  EXPECT_EQ(Text(writer, 763369200000000), "2024-03-10 03:00:00-04");
  EXPECT_EQ(zone.TimesAsked(), 2);
  EXPECT_EQ(Text(writer, 763369199999999), "2024-03-10 01:59:59.999999-05");
  EXPECT_EQ(zone.TimesAsked(), 3);
  EXPECT_EQ(zone.LastAsked(), 763369199);
}

TEST(TimestampWriter, AsksForTheSecondBeforeAFraction) {
  for (const int64_t moment : {-1, -999999, -1000000}) {
    FakeZone zone(0);
    TimestampWriter writer(TimestampForm::kWithOffset, FakeZone::Find, &zone);
    Text(writer, moment);
    EXPECT_EQ(zone.LastAsked(), -1) << moment;
  }
}

// A stretch that ends at the epoch must not be taken for one that is not known yet, or the reverse.
TEST(TimestampWriter, StretchesAroundTheEpoch) {
  FakeZone zone({{-kAlways, -1, 3600}, {-1, 0, 7200}, {0, 1, 10800}, {1, kAlways, 14400}});
  TimestampWriter writer(TimestampForm::kWithOffset, FakeZone::Find, &zone);
  EXPECT_EQ(Text(writer, 0), "2000-01-01 03:00:00+03");
  EXPECT_EQ(Text(writer, -1), "2000-01-01 01:59:59.999999+02");
  EXPECT_EQ(Text(writer, -1000001), "2000-01-01 00:59:58.999999+01");
  EXPECT_EQ(Text(writer, 1000000), "2000-01-01 04:00:01+04");
  EXPECT_EQ(zone.TimesAsked(), 4);
}

// The date remembered must not outlive a change of the offset, nor the offset a change of the date.
TEST(TimestampWriter, OffsetChangesTheDate) {
  FakeZone zone({{-kAlways, 100, 0}, {100, 200, 14 * 3600 + 1800}, {200, kAlways, -12 * 3600}});
  TimestampWriter writer(TimestampForm::kWithOffset, FakeZone::Find, &zone);
  EXPECT_EQ(Text(writer, 99 * kSecond), "2000-01-01 00:01:39+00");
  EXPECT_EQ(Text(writer, 100 * kSecond), "2000-01-01 14:31:40+14:30");
  EXPECT_EQ(Text(writer, 200 * kSecond), "1999-12-31 12:03:20-12");
  EXPECT_EQ(Text(writer, 150 * kSecond), "2000-01-01 14:32:30+14:30");
  EXPECT_EQ(Text(writer, 12 * 3600 * kSecond), "2000-01-01 00:00:00-12");
  EXPECT_EQ(Text(writer, 50 * kSecond), "2000-01-01 00:00:50+00");
}

TEST(TimestampWriter, SeveralWritersDoNotShare) {
  FakeZone east(19800);
  FakeZone west(-18000);
  TimestampWriter in_east(TimestampForm::kWithOffset, FakeZone::Find, &east);
  TimestampWriter in_west(TimestampForm::kWallClock, FakeZone::Find, &west);
  EXPECT_EQ(Text(in_east, 0), "2000-01-01 05:30:00+05:30");
  EXPECT_EQ(Text(in_west, 0), "1999-12-31 19:00:00");
  EXPECT_EQ(Text(in_east, kSecond), "2000-01-01 05:30:01+05:30");
  EXPECT_EQ(Text(in_west, kSecond), "1999-12-31 19:00:01");
}

bool IsLeapYear(int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

// A date of the calendar that the expectations walk; year 0 is 1 BC.
struct WalkedDate {
  int64_t year;
  int month;
  int day;

  int DaysInMonth() const {
    if (month == 2) {
      return IsLeapYear(year) ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  }

  void GoToNextDay() {
    day++;
    if (day > DaysInMonth()) {
      day = 1;
      month++;
    }
    if (month > 12) {
      month = 1;
      year++;
    }
  }

  // The text of a time on that date; what comes after the date's digits is given.
  std::string Text(const std::string &behind) const {
    char digits[40];
    const bool before_christ = year <= 0;
    std::snprintf(digits, sizeof digits, "%04d-%02d-%02d",
                  static_cast<int>(before_christ ? 1 - year : year), month, day);
    return digits + behind + (before_christ ? " BC" : "");
  }
};

// The years of PostgreSQL's range and one more on either side, by the day they begin on, counted
// from 2000-01-01.
class Years {
 public:
  static constexpr int64_t kFirst = -4714;
  static constexpr int64_t kLast = 294277;

  Years() {
    int64_t day = 0;
    for (int64_t year = 1999; year >= kFirst; year--) {
      day -= IsLeapYear(year) ? 366 : 365;
    }
    for (int64_t year = kFirst; year <= kLast + 1; year++) {
      begins_.push_back(day);
      day += IsLeapYear(year) ? 366 : 365;
    }
  }

  int64_t Begin(int64_t year) const { return begins_[static_cast<size_t>(year - kFirst)]; }

  WalkedDate DateOf(int64_t day) const {
    const auto next = std::upper_bound(begins_.begin(), begins_.end(), day);
    WalkedDate date = {kFirst + (next - begins_.begin()) - 1, 1, 1};
    for (int64_t left = day - Begin(date.year); left > 0; left--) {
      date.GoToNextDay();
    }
    return date;
  }

 private:
  std::vector<int64_t> begins_;
};

// The offset as PostgreSQL writes it.
std::string OffsetText(int32_t seconds_east) {
  char text[40];
  const int size = std::abs(seconds_east);
  std::snprintf(text, sizeof text, "%c%02d:%02d:%02d", seconds_east < 0 ? '-' : '+', size / 3600,
                size % 3600 / 60, size % 60);
  std::string shortened = text;
  for (int i = 0; i < 2 && shortened.substr(shortened.size() - 3) == ":00"; i++) {
    shortened.resize(shortened.size() - 3);
  }
  return shortened;
}

// A moment as PostgreSQL writes it, from the years above.
std::string Expected(const Years &years, TimestampForm form, int32_t seconds_east, int64_t moment) {
  int64_t day = moment / kDay;
  int64_t microseconds = moment % kDay + seconds_east * kSecond;
  for (; microseconds < 0; microseconds += kDay) {
    day--;
  }
  for (; microseconds >= kDay; microseconds -= kDay) {
    day++;
  }
  const int64_t second = microseconds / kSecond;
  char text[40];
  std::snprintf(text, sizeof text, " %02d:%02d:%02d", static_cast<int>(second / 3600),
                static_cast<int>(second / 60 % 60), static_cast<int>(second % 60));
  std::string behind = text;
  if (form == TimestampForm::kWithOffset) {
    std::snprintf(text, sizeof text, ".%06d", static_cast<int>(microseconds % kSecond));
    std::string fraction = text;
    fraction.erase(fraction.find_last_not_of('0') + 1);
    behind += (fraction == "." ? "" : fraction) + OffsetText(seconds_east);
  }
  return years.DateOf(day).Text(behind);
}

// The leap rule has a period of 400 years: every day of two of them, one before 2000 and one after.
TEST(TimestampWriterCalendar, EveryDayOf800Years) {
  constexpr int64_t kDaysIn400Years = 146097;
  FakeZone zone(0);
  TimestampWriter writer(TimestampForm::kWallClock, FakeZone::Find, &zone);
  WalkedDate date = {1600, 1, 1};
  for (int64_t day = -kDaysIn400Years; day < kDaysIn400Years; day++) {
    ASSERT_EQ(Text(writer, day * kDay), date.Text(" 00:00:00"));
    ASSERT_EQ(Text(writer, day * kDay + kDay - 1), date.Text(" 23:59:59"));
    date.GoToNextDay();
  }
  EXPECT_EQ(date.Text(""), "2400-01-01");
  EXPECT_EQ(zone.TimesAsked(), 1);
}

TEST(TimestampWriterCalendar, EveryDayOfAYearBackwards) {
  const Years years;
  FakeZone zone(-18000);
  TimestampWriter writer(TimestampForm::kWithOffset, FakeZone::Find, &zone);
  for (int64_t day = years.Begin(2025); day >= years.Begin(2024); day--) {
    const int64_t moment = day * kDay + 5 * 3600 * kSecond;
    ASSERT_EQ(Text(writer, moment), years.DateOf(day).Text(" 00:00:00-05"));
    ASSERT_EQ(Text(writer, moment - 1), years.DateOf(day - 1).Text(" 23:59:59.999999-05"));
  }
}

TEST(TimestampWriterCalendar, EveryYear) {
  const Years years;
  FakeZone zone(0);
  TimestampWriter writer(TimestampForm::kWallClock, FakeZone::Find, &zone);
  for (int64_t year = -4712; year <= 294276; year++) {
    const int64_t first = years.Begin(year);
    const WalkedDate day_60 = IsLeapYear(year) ? WalkedDate{year, 2, 29} : WalkedDate{year, 3, 1};
    ASSERT_EQ(Text(writer, first * kDay), (WalkedDate{year, 1, 1}.Text(" 00:00:00")));
    ASSERT_EQ(Text(writer, (first + 58) * kDay), (WalkedDate{year, 2, 28}.Text(" 00:00:00")));
    ASSERT_EQ(Text(writer, (first + 59) * kDay), day_60.Text(" 00:00:00"));
    ASSERT_EQ(Text(writer, years.Begin(year + 1) * kDay - 1),
              (WalkedDate{year, 12, 31}.Text(" 23:59:59")));
  }
}

TEST(TimestampWriterClock, EverySecondOfADay) {
  FakeZone zone(0);
  TimestampWriter writer(TimestampForm::kWallClock, FakeZone::Find, &zone);
  int64_t moment = 0;
  for (int hour = 0; hour < 24; hour++) {
    for (int minute = 0; minute < 60; minute++) {
      for (int second = 0; second < 60; second++) {
        char expected[80];
        std::snprintf(expected, sizeof expected, "2000-01-01 %02d:%02d:%02d", hour, minute, second);
        ASSERT_EQ(Text(writer, moment), expected);
        moment += kSecond;
      }
    }
  }
}

TEST(TimestampWriterClock, Fractions) {
  const Years years;
  FakeZone zone(0);
  TimestampWriter writer(TimestampForm::kWithOffset, FakeZone::Find, &zone);
  for (int64_t step = 1; step <= 100000; step *= 10) {
    const int64_t begin = std::max<int64_t>(0, kSecond - 5000 * step);
    for (int64_t fraction = begin; fraction < kSecond; fraction += step) {
      for (const int64_t second : {823194000 * kSecond, -823194000 * kSecond}) {
        ASSERT_EQ(Text(writer, second + fraction),
                  Expected(years, TimestampForm::kWithOffset, 0, second + fraction));
      }
    }
  }
}

// Every offset that PostgreSQL accepts, which is less than a week.
TEST(TimestampWriterClock, EveryOffset) {
  const auto two_digits = [](int number) {
    return std::string(number < 10 ? "0" : "") + std::to_string(number);
  };
  for (int hours = 0; hours < 168; hours++) {
    for (int minutes = 0; minutes < 60; minutes++) {
      for (int seconds = 0; seconds < 60; seconds++) {
        std::string size = two_digits(hours);
        if (minutes != 0 || seconds != 0) {
          size += ":" + two_digits(minutes);
        }
        if (seconds != 0) {
          size += ":" + two_digits(seconds);
        }
        const int32_t offset = hours * 3600 + minutes * 60 + seconds;
        const int64_t midnight = 9527 * kDay;
        ASSERT_EQ(TextAt(offset, midnight - offset * kSecond), "2026-01-31 00:00:00+" + size);
        ASSERT_EQ(TextAt(-offset, midnight + offset * kSecond - 1),
                  "2026-01-30 23:59:59.999999" + ((offset == 0 ? "+" : "-") + size));
      }
    }
  }
}

// A writer that remembers must write what a new one would, in whatever order the moments come.
TEST(TimestampWriter, RandomMomentsInAnyOrder) {
  const Years years;
  std::mt19937_64 random(20260131);
  const auto between = [&random](int64_t low, int64_t high) {
    const uint64_t width = static_cast<uint64_t>(high) - static_cast<uint64_t>(low);
    return static_cast<int64_t>(static_cast<uint64_t>(low) + random() % (width + 1));
  };
  for (int round = 0; round < 200; round++) {
    // Some rounds stay close to each other's moments, others go through all of PostgreSQL's range.
    const int64_t centre = between(-1000 * kDay, 20000 * kDay);
    const bool near = round % 4 != 0;
    const int64_t low = near ? centre - (1LL << (20 + round % 28)) : kFirstMoment;
    const int64_t high = near ? centre + (1LL << (20 + round % 28)) : kLastMoment;

    std::vector<ZoneOffset> stretches;
    int64_t from = -kAlways;
    for (int i = 0; i < 5; i++) {
      const int64_t until = i == 4 ? kAlways : between(low / kSecond, high / kSecond);
      if (until > from) {
        stretches.push_back({from, until, static_cast<int32_t>(between(-57599, 57599))});
        from = until;
      }
    }
    FakeZone zone(stretches);
    const TimestampForm form =
        round % 2 == 0 ? TimestampForm::kWithOffset : TimestampForm::kWallClock;
    TimestampWriter writer(form, FakeZone::Find, &zone);
    for (int i = 0; i < 200; i++) {
      int64_t moment = between(low, high);
      if (i % 5 == 0) {
        moment -= moment % kSecond;
      }
      const int64_t second = moment / kSecond - (moment % kSecond < 0 ? 1 : 0);
      ASSERT_EQ(Text(writer, moment), Expected(years, form, zone.At(second).seconds_east, moment));
    }
  }
}

// The longest texts there are, and what is beyond PostgreSQL's range; the guard bytes behind
// kMaxSize are looked at for every text above too.
TEST(TimestampWriter, MaxSizeIsEnough) {
  for (const TimestampForm form : {TimestampForm::kWithOffset, TimestampForm::kWallClock}) {
    for (const int32_t seconds_east : {604799, -604799}) {
      for (const int64_t moment : {kFirstMoment + 1, kLastMoment, INT64_MIN + 1, INT64_MAX - 1}) {
        EXPECT_LE(TextAt(seconds_east, moment, form).size(), TimestampWriter::kMaxSize);
      }
    }
  }
}

}  // namespace
}  // namespace vidyo_cdr
