// Cutting a range without a server: held to the export limit, which knows the end of one range.
#include "core/range_cutter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "core/export_limit.hpp"

namespace vidyo_cdr {
namespace {

struct Ranges {
  std::vector<int64_t> ends;     // but the last one's
  std::vector<int32_t> records;  // of each range
  bool impossible = false;
  int64_t impossible_moment = 0;
};

bool operator==(const Ranges &a, const Ranges &b) {
  return a.ends == b.ends && a.records == b.records && a.impossible == b.impossible &&
         a.impossible_moment == b.impossible_moment;
}

Ranges CutAll(int32_t max_records, const std::vector<int64_t> &join_times) {
  Ranges ranges;
  RangeCutter cutter(max_records);
  for (const int64_t join_time : join_times) {
    const Cut cut = cutter.Add(join_time);
    if (cut == Cut::kImpossible) {
      ranges.impossible = true;
      ranges.impossible_moment = cutter.Moment();
      return ranges;
    }
    if (cut == Cut::kHere) {
      ranges.ends.push_back(join_time);
      ranges.records.push_back(cutter.CutRecords());
    }
  }
  ranges.records.push_back(cutter.Records());
  return ranges;
}

// The same by the hints of one refused export after the other.
Ranges FollowHints(int32_t max_records, const std::vector<int64_t> &join_times) {
  Ranges ranges;
  auto begin = join_times.begin();
  while (true) {
    ExportLimit limit(max_records);
    const auto turned_away =
        std::find_if(begin, join_times.end(), [&](int64_t moment) { return !limit.Admit(moment); });
    if (turned_away == join_times.end()) {
      ranges.records.push_back(limit.Admitted());
      return ranges;
    }
    if (!limit.SomeEndFits()) {
      ranges.impossible = true;
      ranges.impossible_moment = limit.FirstJoinTime();
      return ranges;
    }
    const auto end = std::lower_bound(begin, join_times.end(), limit.LargestEnd());
    ranges.ends.push_back(limit.LargestEnd());
    ranges.records.push_back(static_cast<int32_t>(end - begin));
    begin = end;
  }
}

TEST(RangeCutter, WithoutRecordsThereIsOneRangeOfNone) {
  EXPECT_EQ(CutAll(1, {}), (Ranges{{}, {0}}));
}

TEST(RangeCutter, FullRangeIsNotCut) { EXPECT_EQ(CutAll(3, {1, 2, 3}), (Ranges{{}, {3}})); }

TEST(RangeCutter, EndsAtTheRecordThatDoesNotFit) {
  EXPECT_EQ(CutAll(3, {1, 2, 3, 4}), (Ranges{{4}, {3, 1}}));
}

TEST(RangeCutter, MomentIsNotSplit) {
  EXPECT_EQ(CutAll(3, {1, 2, 3, 3, 4}), (Ranges{{3}, {2, 3}}));
}

TEST(RangeCutter, FullMomentIsARangeOfItsOwn) {
  EXPECT_EQ(CutAll(3, {1, 2, 2, 2, 3}), (Ranges{{2, 3}, {1, 3, 1}}));
}

TEST(RangeCutter, TooManyAtOneMoment) {
  EXPECT_EQ(CutAll(2, {1, 2, 2, 2}), (Ranges{{2}, {1}, true, 2}));
  EXPECT_EQ(CutAll(2, {7, 7, 7}), (Ranges{{}, {}, true, 7}));
}

// 0 is the moment that the cutter knows before there is a record.
TEST(RangeCutter, AnyMomentCanBeTheFirst) {
  EXPECT_EQ(CutAll(1, {INT64_MIN, 0, INT64_MAX}), (Ranges{{0, INT64_MAX}, {1, 1, 1}}));
  EXPECT_EQ(CutAll(2, {0, 0, 0}), (Ranges{{}, {}, true, 0}));
}

TEST(RangeCutter, AgreesWithTheHintsOfExports) {
  std::mt19937 random(1);
  for (int round = 0; round < 20000; round++) {
    const int32_t max_records = 1 + static_cast<int32_t>(random() % 6);
    const auto moments = 1 + random() % 25;
    std::vector<int64_t> join_times(random() % 30);
    for (int64_t &join_time : join_times) {
      join_time = static_cast<int64_t>(random() % moments) - 5;
    }
    std::sort(join_times.begin(), join_times.end());
    EXPECT_EQ(CutAll(max_records, join_times), FollowHints(max_records, join_times))
        << "round " << round;
  }
}

}  // namespace
}  // namespace vidyo_cdr
