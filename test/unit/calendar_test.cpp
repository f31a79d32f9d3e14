// Buckets by the clocks of zones, against a walk over the leap year 2024 minute by minute; and
// boundaries that are known.
#include "core/time/calendar.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "core/time/date.hpp"
#include "core/time/reader.hpp"
#include "fake_zones.hpp"

namespace vidyo_cdr {
namespace {

constexpr int64_t kMinute = 60;
constexpr int64_t kMicroseconds = 1000000;

int64_t Seconds(const std::string &text) {
  WrittenTime time;
  EXPECT_TRUE(ReadTime(text, &time)) << text;
  return time.seconds;
}

// The changes of 2024.
struct Named {
  const char *name;
  FakeZone zone;
};

std::vector<Named> Zones() {
  return {
      {"America/New_York", FakeZone({{-kAlways, 763369200, -18000},
                                     {763369200, 783928800, -14400},
                                     {783928800, kAlways, -18000}})},
      {"Europe/London",
       FakeZone({{-kAlways, 765162000, 0}, {765162000, 783306000, 3600}, {783306000, kAlways, 0}})},
      {"Asia/Kathmandu", FakeZone(20700)},
      {"Australia/Lord_Howe", FakeZone({{-kAlways, 765730800, 39600},
                                        {765730800, 781457400, 37800},
                                        {781457400, kAlways, 39600}})},
      {"America/Havana", FakeZone({{-kAlways, 763362000, -18000},
                                   {763362000, 783925200, -14400},
                                   {783925200, kAlways, -18000}})},
      {"Africa/Cairo", FakeZone({{-kAlways, 767397600, 7200},
                                 {767397600, 783723600, 10800},
                                 {783723600, kAlways, 7200}})},
      // Clocks that went back from a minute after midnight, and over it.
      {"back over midnight",
       FakeZone({{-kAlways, 783925260, -14400}, {783925260, kAlways, -18000}})},
      {"a day left out", FakeZone({{-kAlways, 775000800, -36000}, {775000800, kAlways, 50400}})},
  };
}

// Whether a day begins a bucket.
bool Begins(BucketLength length, int64_t day) {
  if (length.unit == BucketLength::kDays) {
    return length.count == 1 || FloorDivision(day - 2, 7).remainder == 0;
  }
  const Date date = DateOfDay(day);
  return date.day == 1 && (date.month - 1) % length.count == 0;
}

// The boundaries between two moments, by asking the clock each minute what it shows.
std::vector<int64_t> Walk(const FakeZone &zone, BucketLength length, int64_t from, int64_t until) {
  std::vector<int64_t> boundaries;
  const int64_t before = from - 40 * kMinute * 60 * 24;
  int64_t last_day = FloorDivision(before + zone.At(before).seconds_east, kSecondsPerDay).quotient;
  for (int64_t moment = before; moment < until; moment += kMinute) {
    const int64_t shown = moment + zone.At(moment).seconds_east;
    const int64_t day = FloorDivision(shown, kSecondsPerDay).quotient;
    bool is_boundary = false;
    if (length.unit == BucketLength::kSeconds) {
      is_boundary = FloorDivision(shown, length.count).remainder == 0 || day > last_day;
    } else {
      for (int64_t begun = last_day + 1; begun <= day; begun++) {
        is_boundary |= Begins(length, begun);
      }
    }
    last_day = std::max(last_day, day);
    if (is_boundary && moment >= from) {
      boundaries.push_back(moment);
    }
  }
  return boundaries;
}

std::vector<BucketLength> Lengths() {
  std::vector<BucketLength> lengths = {{BucketLength::kDays, 1},   {BucketLength::kDays, 7},
                                       {BucketLength::kMonths, 1}, {BucketLength::kMonths, 3},
                                       {BucketLength::kMonths, 6}, {BucketLength::kMonths, 12}};
  for (const int32_t minutes : {1, 15, 30, 45, 60, 90, 360, 720}) {
    lengths.push_back({BucketLength::kSeconds, minutes * 60});
  }
  return lengths;
}

TEST(Calendar, HasTheBoundariesThatClocksShow) {
  const int64_t from = Seconds("2024-01-01 00:00:00") - 86400;
  const int64_t until = Seconds("2025-01-02 00:00:00");
  for (Named &named : Zones()) {
    for (const BucketLength length : Lengths()) {
      SCOPED_TRACE(std::string(named.name) + ", unit " + std::to_string(length.unit) + ", " +
                   std::to_string(length.count));
      const std::vector<int64_t> expected = Walk(named.zone, length, from, until);
      Calendar calendar(length, FakeZone::FindFromHere, &named.zone);
      std::vector<int64_t> found;
      for (int64_t moment = calendar.Next(from * kMicroseconds - 1); moment < until * kMicroseconds;
           moment = calendar.Next(moment)) {
        found.push_back(moment / kMicroseconds);
      }
      ASSERT_EQ(found, expected);
      // Backwards, and by a calendar that knows nothing yet.
      const size_t step = expected.size() / 300 + 1;
      for (size_t i = 1; i < expected.size(); i += step) {
        Calendar other(length, FakeZone::FindFromHere, &named.zone);
        const int64_t boundary = expected[i] * kMicroseconds;
        EXPECT_EQ(other.Floor(boundary), boundary);
        EXPECT_EQ(other.Floor(boundary - 1), expected[i - 1] * kMicroseconds);
        EXPECT_EQ(other.Next(boundary - 1), boundary);
        EXPECT_EQ(calendar.Floor(boundary + 1), boundary);
      }
    }
  }
}

// How many buckets a local day has.
size_t BucketsOfDay(FakeZone zone, const char *from, const char *until, int32_t minutes) {
  return Walk(zone, {BucketLength::kSeconds, minutes * 60}, Seconds(from), Seconds(until)).size();
}

TEST(Calendar, DaysWithChangesHaveOtherNumbersOfHours) {
  std::vector<Named> zones = Zones();
  EXPECT_EQ(BucketsOfDay(zones[0].zone, "2024-03-10 05:00:00", "2024-03-11 04:00:00", 60), 23U);
  EXPECT_EQ(BucketsOfDay(zones[0].zone, "2024-11-03 04:00:00", "2024-11-04 05:00:00", 60), 25U);
  EXPECT_EQ(BucketsOfDay(zones[3].zone, "2024-04-06 13:00:00", "2024-04-07 13:30:00", 60), 24U);
}

TEST(Calendar, MidnightThatComesTwiceOrNot) {
  std::vector<Named> zones = Zones();
  Calendar havana({BucketLength::kDays, 1}, FakeZone::Find, &zones[4].zone);
  EXPECT_EQ(havana.Floor(Seconds("2024-11-03 05:30:00") * kMicroseconds),
            Seconds("2024-11-03 04:00:00") * kMicroseconds);
  Calendar cairo({BucketLength::kDays, 1}, FakeZone::Find, &zones[5].zone);
  EXPECT_EQ(cairo.Next(Seconds("2024-04-25 12:00:00") * kMicroseconds),
            Seconds("2024-04-25 22:00:00") * kMicroseconds);
  Calendar kathmandu({BucketLength::kSeconds, 3600}, FakeZone::Find, &zones[2].zone);
  EXPECT_EQ(kathmandu.Next(Seconds("2024-04-25 12:00:00") * kMicroseconds),
            Seconds("2024-04-25 12:15:00") * kMicroseconds);
}

TEST(Calendar, KnowsHowManyBucketsThereAreAtLeast) {
  const int64_t from = Seconds("2024-01-01 00:00:00");
  const int64_t until = Seconds("2025-01-01 00:00:00");
  for (Named &named : Zones()) {
    for (const BucketLength length : Lengths()) {
      const auto count = static_cast<int64_t>(Walk(named.zone, length, from, until).size());
      const Calendar calendar(length, FakeZone::FindFromHere, &named.zone);
      const int64_t at_least = calendar.BucketsAtLeast(from * kMicroseconds, until * kMicroseconds);
      EXPECT_LE(at_least, count) << named.name << length.count;
      if (count > 10000) {
        EXPECT_GE(at_least, count * 95 / 100) << named.name << length.count;
      }
    }
  }
}

TEST(Calendar, HoldsForAllTimes) {
  FakeZone utc(0);
  constexpr int64_t kLast = 9223371331199999999;
  Calendar years({BucketLength::kMonths, 12}, FakeZone::Find, &utc);
  EXPECT_EQ(years.Next(kLast), kLast + 1);
  EXPECT_EQ(years.Next(kLast + 1), INT64_MAX);
  EXPECT_LE(years.Floor(-211813488000000000), -211813488000000000);
  Calendar minutes({BucketLength::kSeconds, 60}, FakeZone::Find, &utc);
  EXPECT_EQ(minutes.Next(-1), 0);
  EXPECT_EQ(minutes.Floor(-1), -60000000);
  EXPECT_EQ(minutes.Floor(0), 0);
}

}  // namespace
}  // namespace vidyo_cdr
