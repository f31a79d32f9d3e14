// From a clock's time to moments: the hours that a zone repeats and skips, and that what a clock
// remembers does not change its answers.
#include "core/time/wall_clock.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "core/time/reader.hpp"
#include "fake_zones.hpp"

namespace vidyo_cdr {
namespace {

constexpr int64_t kDay = 86400;
constexpr int32_t kFarthest = 604799;  // 167:59:59, PostgreSQL's greatest offset

int64_t Seconds(const std::string &text) {
  WrittenTime time;
  EXPECT_TRUE(ReadTime(text, &time)) << text;
  return time.seconds;
}

std::vector<int64_t> Found(WallClock &clock, int64_t wall_seconds) {
  const Readings readings = clock.Find(wall_seconds);
  EXPECT_TRUE(readings.count >= 0 && readings.count <= 2) << readings.count;
  return std::vector<int64_t>(readings.utc_seconds, readings.utc_seconds + readings.count);
}

// The readings by trying every stretch of the zone.
std::vector<int64_t> Expected(const FakeZone &zone, int64_t wall_seconds) {
  std::vector<int64_t> moments;
  for (const ZoneOffset &stretch : zone.Stretches()) {
    const int64_t moment = wall_seconds - stretch.seconds_east;
    if (moment >= stretch.valid_from && moment < stretch.valid_until) {
      moments.push_back(moment);
    }
  }
  return moments;
}

// What a clock shows, and the moments at which it does.
struct Shown {
  const char *wall;
  std::vector<std::string> moments;
};

// Asks a new clock for each time, so that each is also the first one asked for, and then one clock
// for all, forward and back.
void ExpectShown(FakeZone zone, const std::vector<Shown> &rows) {
  std::vector<const Shown *> order;
  for (const Shown &row : rows) {
    order.push_back(&row);
  }
  for (const Shown &row : rows) {
    order.insert(order.begin() + static_cast<std::ptrdiff_t>(rows.size()), &row);
  }
  WallClock old_clock(FakeZone::FindFromHere, &zone);
  for (const Shown *row : order) {
    std::vector<int64_t> moments;
    for (const std::string &moment : row->moments) {
      moments.push_back(Seconds(moment));
    }
    WallClock new_clock(FakeZone::Find, &zone);
    EXPECT_EQ(Found(new_clock, Seconds(row->wall)), moments) << row->wall;
    EXPECT_EQ(Found(old_clock, Seconds(row->wall)), moments) << row->wall;
  }
}

TEST(WallClock, NewYork2026) {
  ExpectShown(NewYork(),
              {
                  {"2026-01-31 12:00:00", {"2026-01-31 17:00:00Z"}},
                  {"2026-03-08 01:59:59", {"2026-03-08 06:59:59Z"}},
                  {"2026-03-08 02:00:00", {}},
                  {"2026-03-08 02:30:00", {}},
                  {"2026-03-08 02:59:59", {}},
                  {"2026-03-08 03:00:00", {"2026-03-08 07:00:00Z"}},
                  {"2026-07-01 12:00:00", {"2026-07-01 16:00:00Z"}},
                  {"2026-11-01 00:59:59", {"2026-11-01 04:59:59Z"}},
                  {"2026-11-01 01:00:00", {"2026-11-01 05:00:00Z", "2026-11-01 06:00:00Z"}},
                  {"2026-11-01 01:30:00", {"2026-11-01 05:30:00Z", "2026-11-01 06:30:00Z"}},
                  {"2026-11-01 01:59:59", {"2026-11-01 05:59:59Z", "2026-11-01 06:59:59Z"}},
                  {"2026-11-01 02:00:00", {"2026-11-01 07:00:00Z"}},
                  {"2026-12-31 23:59:59", {"2027-01-01 04:59:59Z"}},
              });
}

TEST(WallClock, LordHoweChangesByHalfAnHour) {
  ExpectShown(LordHowe(),
              {
                  {"2026-04-05 01:29:59", {"2026-04-04 14:29:59Z"}},
                  {"2026-04-05 01:30:00", {"2026-04-04 14:30:00Z", "2026-04-04 15:00:00Z"}},
                  {"2026-04-05 01:59:59", {"2026-04-04 14:59:59Z", "2026-04-04 15:29:59Z"}},
                  {"2026-04-05 02:00:00", {"2026-04-04 15:30:00Z"}},
                  {"2026-10-04 01:59:59", {"2026-10-03 15:29:59Z"}},
                  {"2026-10-04 02:00:00", {}},
                  {"2026-10-04 02:29:59", {}},
                  {"2026-10-04 02:30:00", {"2026-10-03 15:30:00Z"}},
              });
}

TEST(WallClock, ApiaSkipsADay) {
  ExpectShown(Apia(), {
                          {"2011-12-29 23:59:59", {"2011-12-30 09:59:59Z"}},
                          {"2011-12-30 00:00:00", {}},
                          {"2011-12-30 12:00:00", {}},
                          {"2011-12-30 23:59:59", {}},
                          {"2011-12-31 00:00:00", {"2011-12-30 10:00:00Z"}},
                          {"2012-04-01 03:30:00", {"2012-03-31 13:30:00Z", "2012-03-31 14:30:00Z"}},
                      });
}

TEST(WallClock, ZonesThatNeverChange) {
  for (const int32_t offset : {0, 1, -1, 19800, -18000, -57368, kFarthest, -kFarthest}) {
    FakeZone zone(offset);
    WallClock clock(FakeZone::FindFromHere, &zone);
    for (const int64_t wall : {int64_t{0}, int64_t{823194000}, int64_t{-211813488000},
                               int64_t{9223371331199}, int64_t{-63082281600}}) {
      EXPECT_EQ(Found(clock, wall), std::vector<int64_t>{wall - offset}) << offset;
    }
  }
}

// A change of name or kind of time that leaves the offset as it is repeats nothing.
TEST(WallClock, ChangeToTheSameOffset) {
  FakeZone zone({{-kAlways, 1000, 3600}, {1000, kAlways, 3600}});
  for (const int64_t moment : {int64_t{999}, int64_t{1000}, int64_t{1001}}) {
    WallClock clock(FakeZone::Find, &zone);
    EXPECT_EQ(Found(clock, moment + 3600), std::vector<int64_t>{moment});
  }
}

// The longest jump that two of PostgreSQL's zones could make, in both directions, looked at all
// around, each time from a clock that knows the time before.
TEST(WallClock, GreatestJumps) {
  for (const int32_t before : {kFarthest, -kFarthest}) {
    FakeZone zone({{-kAlways, 0, before}, {0, kAlways, -before}});
    for (int64_t wall = -40 * kDay; wall <= 40 * kDay; wall += 3607) {
      for (const int64_t asked_before : {-100 * kDay, -43 * kDay, wall - 1, 100 * kDay}) {
        WallClock clock(FakeZone::Find, &zone);
        Found(clock, asked_before);
        ASSERT_EQ(Found(clock, wall), Expected(zone, wall)) << asked_before << ", " << wall;
      }
    }
  }
}

// Far from changes one question is enough.
TEST(WallClock, AsksOnceInAStretch) {
  FakeZone zone = NewYork();
  WallClock clock(FakeZone::FindFromHere, &zone);
  const int64_t first = Seconds("2026-05-01 00:00:00");
  Found(clock, first);
  EXPECT_EQ(zone.TimesAsked(), 1);
  for (int64_t wall = first; wall < Seconds("2026-10-15 00:00:00"); wall += 1801) {
    Found(clock, wall);
  }
  EXPECT_EQ(zone.TimesAsked(), 1);
}

// A zone with up to eight changes, none closer to the next than 40 days, so that no time has more
// than two readings.
FakeZone RandomZone(std::mt19937_64 &random) {
  const auto between = [&random](int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(random);
  };
  const int32_t farthest = random() % 4 == 0 ? kFarthest : 57599;
  const int64_t changes = between(0, 8);
  std::vector<ZoneOffset> stretches;
  int64_t from = -kAlways;
  int64_t change = between(-1000 * kDay, 1000 * kDay);
  for (int64_t i = 0; i <= changes; i++) {
    const int64_t until = i == changes ? kAlways : change;
    stretches.push_back({from, until, static_cast<int32_t>(between(-farthest, farthest))});
    from = until;
    change += between(40 * kDay, 300 * kDay);
  }
  return FakeZone(stretches);
}

// The walls to ask for in a zone: anywhere around its changes, and right at them.
std::vector<int64_t> RandomWalls(const FakeZone &zone, std::mt19937_64 &random) {
  std::vector<int64_t> walls;
  const std::vector<ZoneOffset> &stretches = zone.Stretches();
  for (size_t i = 0; i + 1 < stretches.size(); i++) {
    for (const int32_t offset : {stretches[i].seconds_east, stretches[i + 1].seconds_east}) {
      for (const int64_t second : {-1, 0, 1}) {
        walls.push_back(stretches[i].valid_until + offset + second);
      }
    }
    for (const int64_t width : {2 * kDay, 20 * kDay, 60 * kDay}) {
      std::uniform_int_distribution<int64_t> around(-width, width);
      for (int j = 0; j < 10; j++) {
        walls.push_back(stretches[i].valid_until + around(random));
      }
    }
  }
  for (int i = 0; i < 40; i++) {
    walls.push_back(std::uniform_int_distribution<int64_t>(-2000 * kDay, 4000 * kDay)(random));
  }
  return walls;
}

// Whatever a clock was asked before, it answers as a new one does, and both as the zone's stretches
// say.
TEST(WallClock, RandomZonesInEveryOrder) {
  std::mt19937_64 random(20111230);
  for (int round = 0; round < 300; round++) {
    FakeZone zone = RandomZone(random);
    std::vector<int64_t> walls = RandomWalls(zone, random);
    for (const char *order : {"ascending", "descending", "random"}) {
      std::sort(walls.begin(), walls.end());
      if (order[0] == 'd') {
        std::reverse(walls.begin(), walls.end());
      } else if (order[0] == 'r') {
        std::shuffle(walls.begin(), walls.end(), random);
      }
      WallClock wide_clock(FakeZone::Find, &zone);
      WallClock narrow_clock(FakeZone::FindFromHere, &zone);
      for (const int64_t wall : walls) {
        WallClock new_clock(FakeZone::FindFromHere, &zone);
        const std::vector<int64_t> expected = Expected(zone, wall);
        ASSERT_EQ(Found(new_clock, wall), expected) << order << ", " << wall;
        ASSERT_EQ(Found(wide_clock, wall), expected) << order << ", " << wall;
        ASSERT_EQ(Found(narrow_clock, wall), expected) << order << ", " << wall;
      }
    }
  }
}

}  // namespace
}  // namespace vidyo_cdr
