// Reading times: what is accepted and what it means, what is refused, and that everything that
// TimestampWriter writes is read as the moment it was.
#include "core/time/reader.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "core/time/writer.hpp"
#include "core/time/wall_clock.hpp"
#include "fake_zones.hpp"

namespace vidyo_cdr {
namespace {

constexpr int64_t kMicroseconds = 1000000;

struct Accepted {
  const char *text;
  int64_t seconds;
  int32_t microseconds;
  bool has_offset;
};

void ExpectAccepted(const std::vector<Accepted> &rows) {
  for (const Accepted &row : rows) {
    WrittenTime time;
    ASSERT_TRUE(ReadTime(row.text, &time)) << row.text;
    EXPECT_EQ(time.seconds, row.seconds) << row.text;
    EXPECT_EQ(time.microseconds, row.microseconds) << row.text;
    EXPECT_EQ(time.has_offset, row.has_offset) << row.text;
    EXPECT_FALSE(IsOtherDateStyle(row.text)) << row.text;
  }
}

// None of these may be read, and none is another DateStyle's.
void ExpectRefused(const std::vector<std::string> &texts) {
  for (const std::string &text : texts) {
    WrittenTime time;
    EXPECT_FALSE(ReadTime(text, &time)) << text;
    EXPECT_FALSE(IsOtherDateStyle(text)) << text;
  }
}

TEST(ReadTime, WithoutOffset) {
  ExpectAccepted({
      {"2000-01-01 00:00:00", 0, 0, false},
      {"1999-12-31 23:59:59", -1, 0, false},
      {"2026-01-31 17:00:00", 823194000, 0, false},
      {"2026-01-31T17:00:00", 823194000, 0, false},
      {"0001-01-01 00:00:00", -63082281600, 0, false},
      {"9999-12-31 23:59:59", 252455615999, 0, false},
      {"10000-01-01 00:00:00", 252455616000, 0, false},
      {"294276-12-31 23:59:59", 9223371331199, 0, false},
      {"294277-01-01 00:00:00", kMomentsEnd / kMicroseconds, 0, false},
  });
}

// A fraction counts forward from its second, before 2000 too.
TEST(ReadTime, Fractions) {
  ExpectAccepted({
      {"2000-01-01 00:00:00.0", 0, 0, false},
      {"2000-01-01 00:00:00.000000", 0, 0, false},
      {"2000-01-01 00:00:00.5", 0, 500000, false},
      {"2000-01-01 00:00:00.05", 0, 50000, false},
      {"2000-01-01 00:00:00.123", 0, 123000, false},
      {"2000-01-01 00:00:00.1234", 0, 123400, false},
      {"2000-01-01 00:00:00.12345", 0, 123450, false},
      {"2000-01-01 00:00:00.123456", 0, 123456, false},
      {"2000-01-01 00:00:00.000001", 0, 1, false},
      {"1999-12-31 23:59:58.25", -2, 250000, false},
      {"1999-12-31 23:59:59.999999Z", -1, 999999, true},
  });
}

TEST(ReadTime, Offsets) {
  ExpectAccepted({
      {"2000-01-01 00:00:00Z", 0, 0, true},
      {"2000-01-01T00:00:00.5Z", 0, 500000, true},
      {"2000-01-01 00:00:00+00", 0, 0, true},
      {"2000-01-01 00:00:00-00", 0, 0, true},
      {"2000-01-01 00:00:00+05", -18000, 0, true},
      {"2000-01-01 00:00:00-05", 18000, 0, true},
      {"2000-01-01 00:00:00.25-05", 18000, 250000, true},
      {"2000-01-01 00:00:00+0530", -19800, 0, true},
      {"2000-01-01 00:00:00-0330", 12600, 0, true},
      {"2000-01-01 00:00:00+05:30", -19800, 0, true},
      {"2000-01-01 00:00:00-03:30", 12600, 0, true},
      {"2000-01-01 00:00:00+00:19:32", -1172, 0, true},
      {"2000-01-01 00:00:00-15:56:08", 57368, 0, true},
      {"2000-01-01 00:00:00+14", -50400, 0, true},
      {"2000-01-01 00:00:00+99:30", -358200, 0, true},
      {"2000-01-01 00:00:00+100", -360000, 0, true},
      {"2000-01-01 00:00:00-100:30", 361800, 0, true},
      {"2000-01-01 00:00:00-167:59:59", 604799, 0, true},
  });
}

TEST(ReadTime, LeapDays) {
  ExpectAccepted({
      {"2000-02-29 12:00:00", 5140800, 0, false},
      {"2000-03-01 00:00:00", 5184000, 0, false},
      {"2024-02-29 23:59:59", 762566399, 0, false},
      {"2100-02-28 23:59:59", 3160857599, 0, false},
      {"2100-03-01 00:00:00", 3160857600, 0, false},
      {"1900-02-28 23:59:59", -3150576001, 0, false},
      {"1900-03-01 00:00:00", -3150576000, 0, false},
  });
  ExpectRefused({"2023-02-29 00:00:00", "1900-02-29 00:00:00", "2100-02-29 00:00:00",
                 "2000-02-30 00:00:00", "0004-02-29 00:00:00 BC", "0101-02-29 00:00:00 BC"});
}

// 1 BC comes right before 1 AD and is a leap year.
TEST(ReadTime, YearsBeforeChrist) {
  ExpectAccepted({
      {"0001-12-31 23:59:59 BC", -63082281601, 0, false},
      {"0001-12-31 23:59:59.999999+00 BC", -63082281601, 999999, true},
      {"0001-02-29 00:00:00+00 BC", -63108806400, 0, true},
      {"0005-02-29 12:00:00Z BC", -63234993600, 0, true},
      {"0401-02-29 00:00:00 BC", -75731587200, 0, false},
      {"4714-11-24 00:00:00+00 BC", kFirstMoment / kMicroseconds, 0, true},
      {"4714-11-24 15:02:19.000001+15:02:19 BC", kFirstMoment / kMicroseconds, 1, true},
      {"4714-11-23 08:03:52-15:56:08 BC", kFirstMoment / kMicroseconds, 0, true},
  });
}

TEST(ReadTime, RefusesWhatIsNoTime) {
  ExpectRefused({
      "",
      " ",
      "2026",
      "2026-01",
      "2026-01-31",
      "2026-01-31 ",
      "2026-01-31 17",
      "2026-01-31 17:00",
      "2026-01-31 17:00:",
      "2026-01-31 17:00:0",
      "17:00:00",
      "infinity",
      "-infinity",
      "now",
      "today",
      "NULL",
      "1769878800",
      "46053.708333",
      "2026-01-31 5:00:00 PM",
      "2026-01-31 05:00:00 PM",
      "1/31/2026 17:00",
      "2026-01-31 17:00:00 America/New_York",
      "2026-01-31 17:00:00 UTC",
      "2026-01-31 17:00:00EST",
      "20260131T170000",
      "2026-W05-6 17:00:00",
      "2026.031 17:00:00",
      std::string("2026-01-31 17:00:00\0", 20),
      "２026-01-31 17:00:00",
  });
}

TEST(ReadTime, RefusesOtherSpellings) {
  ExpectRefused({
      " 2026-01-31 17:00:00",      "2026-01-31 17:00:00 ",    "2026-01-31  17:00:00",
      "2026-01-31\t17:00:00",      "2026-01-31_17:00:00",     "2026-01-31t17:00:00",
      "2026-01-3117:00:00",        "2026/01/31 17:00:00",     "2026-1-31 17:00:00",
      "2026-01-3 17:00:00",        "2026-01-031 17:00:00",    "2026-001-31 17:00:00",
      "202-01-31 17:00:00",        "26-01-31 17:00:00",       "1000000-01-31 17:00:00",
      "+2026-01-31 17:00:00",      "-2026-01-31 17:00:00",    "2026-01-31 7:00:00",
      "2026-01-31 017:00:00",      "2026-01-31 17:0:00",      "2026-01-31 17.00.00",
      "2026-01-31 17:00:000",      "2026-01-31 -7:00:00",     "2026-01-31 17:00:00 AD",
      "2026-01-31 17:00:00BC",     "2026-01-31 17:00:00  BC", "2026-01-31 17:00:00 bc",
      "2026-01-31 17:00:00 B",     "2026-01-31 17:00:00 BC ", "2026-01-31 17:00:00 BCE",
      "2026-01-31 17:00:00 BC+01",
  });
}

// MySQL's zero date among them.
TEST(ReadTime, RefusesWhatNoCalendarOrClockHas) {
  ExpectRefused({
      "0000-00-00 00:00:00",
      "0000-01-01 00:00:00",
      "0000-01-01 00:00:00 BC",
      "2026-00-31 17:00:00",
      "2026-13-31 17:00:00",
      "2026-01-00 17:00:00",
      "2026-01-32 17:00:00",
      "2026-04-31 17:00:00",
      "2026-06-31 17:00:00",
      "2026-09-31 17:00:00",
      "2026-11-31 17:00:00",
      "2026-01-31 24:00:00",
      "2026-01-31 17:60:00",
      "2026-01-31 17:00:60",
      "2026-01-31 99:99:99",
  });
}

TEST(ReadTime, RefusesBadFractions) {
  ExpectRefused({"2026-01-31 17:00:00.", "2026-01-31 17:00:00.1234567", "2026-01-31 17:00:00,5",
                 "2026-01-31 17:00:00.5.5", "2026-01-31 17:00:00.-5", "2026-01-31 17:00:00. 5",
                 "2026-01-31 17:00:00.Z", "2026-01-31 17:00:00.x"});
}

TEST(ReadTime, RefusesBadOffsets) {
  for (const std::string offset :
       {"+",        "-",          "+5",      "+5:30",     "+05:",  "+05:3",    "+05:300", "+05:30:",
        "+05:30:1", "+05:30:100", "+05:60",  "+05:30:60", "+0560", "+0530:15", "+05300",  "+053",
        "+053:00",  "+168",       "+168:00", "-999",      "+ 05",  " +05",     "+-05",    "++05",
        "+05 ",     "Z+05",       "ZZ",      "+05Z",      "+05x",  "UTC+5"}) {
    ExpectRefused({"2026-01-31 17:00:00" + offset, "2026-01-31 17:00:00.25" + offset});
  }
}

// The same moments as PostgreSQL 15 wrote them with its other DateStyles, in both orders of day and
// month.
TEST(IsOtherDateStyle, AsPostgresWritesThem) {
  for (const char *text :
       {"12/17/1997 07:37:16.00 PST", "17/12/1997 07:37:16 UTC", "01/02/2026 17:00:00",
        "17.12.1997 07:37:16.00 PST", "01.02.2026 17:00:00", "12/31/294276 23:59:59 UTC",
        "24.11.4714 00:00:00 UTC BC", "Wed Dec 17 07:37:16 1997 PST",
        "Wed 17 Dec 07:37:16 1997 PST", "Mon Jan 05 00:00:00 2026", "Tue Jan 06 00:00:00 2026",
        "Thu Jan 08 00:00:00 2026", "Fri 09 Jan 00:00:00 2026", "Sat Jan 31 17:00:00.25 2026 EST",
        "Sun 01 Feb 17:00:00 2026"}) {
    WrittenTime time;
    EXPECT_TRUE(IsOtherDateStyle(text)) << text;
    EXPECT_FALSE(ReadTime(text, &time)) << text;
  }
}

TEST(IsOtherDateStyle, NotForWhatOnlyLooksAlike) {
  for (const char *text :
       {"", "S", "Sa", "Sat", "Saturday", "SatJan", "sat Jan 31", "Abc Jan 31 17:00:00 2026", "12",
        "12/", "12/17", "12/17/", "12/17/97", "12-17-1997 07:37:16", "1/31/2026 17:00",
        "12/1/2026 17:00", "2026/01/31 17:00:00", "123/12/2026"}) {
    EXPECT_FALSE(IsOtherDateStyle(text)) << text;
  }
}

std::string Written(TimestampForm form, FakeZone &zone, int64_t moment) {
  TimestampWriter writer(form, FakeZone::Find, &zone);
  char text[TimestampWriter::kMaxSize];
  return std::string(text, writer.Write(text, moment));
}

// Writes the moment with its offset and without, and expects it back.
void ExpectMomentBack(FakeZone &zone, WallClock &clock, int64_t moment) {
  const std::string text = Written(TimestampForm::kWithOffset, zone, moment);
  WrittenTime time;
  ASSERT_TRUE(ReadTime(text, &time)) << text;
  ASSERT_TRUE(time.has_offset) << text;
  ASSERT_EQ(time.seconds * kMicroseconds + time.microseconds, moment) << text;

  const int64_t moment_in_seconds = time.seconds;
  const std::string wall_text = Written(TimestampForm::kWallClock, zone, moment);
  ASSERT_TRUE(ReadTime(wall_text, &time)) << wall_text;
  ASSERT_FALSE(time.has_offset) << wall_text;
  ASSERT_EQ(time.microseconds, 0) << wall_text;
  const Readings readings = clock.Find(time.seconds);
  ASSERT_TRUE((readings.count >= 1 && readings.utc_seconds[0] == moment_in_seconds) ||
              (readings.count == 2 && readings.utc_seconds[1] == moment_in_seconds))
      << wall_text << " in " << text;
}

TEST(ReadTimeRoundTrip, EveryDayOf800Years) {
  constexpr int64_t kDay = 86400 * kMicroseconds;
  FakeZone zone(0);
  WallClock clock(FakeZone::Find, &zone);
  for (int64_t day = -146097; day < 146097; day++) {
    ExpectMomentBack(zone, clock, day * kDay);
    ExpectMomentBack(zone, clock, day * kDay + kDay - 1);
    if (HasFatalFailure()) {
      return;
    }
  }
}

// Random moments of all of PostgreSQL's range, and as many near the zones' changes.
TEST(ReadTimeRoundTrip, RandomMomentsInSeveralZones) {
  std::mt19937_64 random(20261101);
  std::uniform_int_distribution<int64_t> any(kFirstMoment, kMomentsEnd - 1);
  std::uniform_int_distribution<int64_t> near(763000000 * kMicroseconds, 850000000 * kMicroseconds);
  std::uniform_int_distribution<int64_t> fraction(0, kMicroseconds - 1);
  FakeZone zones[] = {NewYork(),        LordHowe(),        Apia(),           FakeZone(0),
                      FakeZone(604799), FakeZone(-604799), FakeZone(-57368), FakeZone(1172)};
  for (FakeZone &zone : zones) {
    WallClock clock(FakeZone::FindFromHere, &zone);
    std::vector<int64_t> moments = {kFirstMoment, kFirstMoment + 1, kMomentsEnd - 1, -1, 0, 1};
    for (int i = 0; i < 20000; i++) {
      moments.push_back(i % 2 == 0 ? any(random) : near(random));
    }
    for (const ZoneOffset &stretch : zone.Stretches()) {
      for (int64_t second = -90000; second < 90000 && stretch.valid_until != kAlways;
           second += 450) {
        moments.push_back((stretch.valid_until + second) * kMicroseconds + fraction(random));
        moments.push_back((stretch.valid_until + second) * kMicroseconds);
      }
    }
    for (const int64_t moment : moments) {
      ExpectMomentBack(zone, clock, moment);
      if (HasFatalFailure()) {
        return;
      }
    }
  }
}

TEST(ReadTimeRoundTrip, EverySeventhOffset) {
  for (int32_t offset = -604799; offset <= 604799; offset += 7) {
    FakeZone zone(offset);
    WallClock clock(FakeZone::Find, &zone);
    ExpectMomentBack(zone, clock, 823194000123456);
    if (HasFatalFailure()) {
      return;
    }
  }
}

}  // namespace
}  // namespace vidyo_cdr
