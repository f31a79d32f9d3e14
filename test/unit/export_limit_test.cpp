// The export limit without a server: what passes, what is turned away, and what would fit instead.
#include "core/export_limit.hpp"

#include <gtest/gtest.h>

#include <climits>
#include <cstdint>
#include <initializer_list>

namespace vidyo_cdr {
namespace {

// Feeds join times until one is turned away, as the export does.
ExportLimit Feed(int32_t max_records, std::initializer_list<int64_t> join_times) {
  ExportLimit limit(max_records);
  for (const int64_t join_time : join_times) {
    if (!limit.Admit(join_time)) {
      break;
    }
  }
  return limit;
}

TEST(ExportLimit, LimitOfThePortalIs65000) { EXPECT_EQ(kMaxExportRecords, 65000); }

TEST(ExportLimit, NothingIsWithinTheLimit) { EXPECT_FALSE(Feed(1, {}).Exceeded()); }

TEST(ExportLimit, ExactlyTheLimitPasses) { EXPECT_FALSE(Feed(3, {10, 20, 30}).Exceeded()); }

TEST(ExportLimit, OneMoreIsTurnedAway) {
  ExportLimit limit(3);
  EXPECT_TRUE(limit.Admit(10));
  EXPECT_TRUE(limit.Admit(20));
  EXPECT_TRUE(limit.Admit(30));
  EXPECT_FALSE(limit.Admit(40));
  EXPECT_TRUE(limit.Exceeded());
}

TEST(ExportLimit, FullPortalLimitPassesAndOneMoreDoesNot) {
  ExportLimit limit(kMaxExportRecords);
  for (int64_t i = 0; i < 65000; i++) {
    ASSERT_TRUE(limit.Admit(i)) << "record " << i;
  }
  EXPECT_FALSE(limit.Exceeded());
  EXPECT_FALSE(limit.Admit(65000));
  EXPECT_TRUE(limit.SomeEndFits());
  EXPECT_EQ(limit.LargestEnd(), 65000);
}

TEST(ExportLimit, LargestEndIsTheJoinTimeTurnedAway) {
  const ExportLimit limit = Feed(3, {10, 20, 30, 40});
  EXPECT_TRUE(limit.SomeEndFits());
  EXPECT_EQ(limit.LargestEnd(), 40);
}

// With two records at 30, an end of 31 would let both in; an end of 30 leaves both out.
TEST(ExportLimit, LargestEndLeavesOutAllOfATie) {
  const ExportLimit limit = Feed(3, {10, 20, 30, 30});
  EXPECT_TRUE(limit.SomeEndFits());
  EXPECT_EQ(limit.LargestEnd(), 30);
}

TEST(ExportLimit, NoEndFitsWhenTheFirstMomentHoldsTooMany) {
  const ExportLimit limit = Feed(3, {10, 10, 10, 10});
  EXPECT_TRUE(limit.Exceeded());
  EXPECT_FALSE(limit.SomeEndFits());
  EXPECT_EQ(limit.FirstJoinTime(), 10);
}

TEST(ExportLimit, TieThatDoesNotBeginAtTheFirstRecordHasAnEnd) {
  const ExportLimit limit = Feed(3, {10, 20, 20, 20});
  EXPECT_TRUE(limit.SomeEndFits());
  EXPECT_EQ(limit.LargestEnd(), 20);
}

TEST(ExportLimit, LimitOfOne) {
  EXPECT_FALSE(Feed(1, {10}).Exceeded());
  EXPECT_EQ(Feed(1, {10, 11}).LargestEnd(), 11);
  EXPECT_FALSE(Feed(1, {10, 10}).SomeEndFits());
}

TEST(ExportLimit, TimesBeforeTheEpochAndAtTheEdges) {
  EXPECT_EQ(Feed(1, {-20, -10}).LargestEnd(), -10);
  EXPECT_TRUE(Feed(1, {-20, -10}).SomeEndFits());
  EXPECT_EQ(Feed(1, {INT64_MIN, INT64_MAX}).LargestEnd(), INT64_MAX);
  EXPECT_EQ(Feed(2, {-5, -5, -5}).FirstJoinTime(), -5);
}

TEST(FormatRecordCount, PutsACommaBetweenThousands) {
  char text[kRecordCountSize];
  EXPECT_STREQ(FormatRecordCount(0, text), "0 records");
  EXPECT_STREQ(FormatRecordCount(999, text), "999 records");
  EXPECT_STREQ(FormatRecordCount(1000, text), "1,000 records");
  EXPECT_STREQ(FormatRecordCount(65000, text), "65,000 records");
  EXPECT_STREQ(FormatRecordCount(100001, text), "100,001 records");
  EXPECT_STREQ(FormatRecordCount(1234567, text), "1,234,567 records");
  EXPECT_STREQ(FormatRecordCount(INT32_MAX, text), "2,147,483,647 records");
}

TEST(FormatRecordCount, OneIsARecord) {
  char text[kRecordCountSize];
  EXPECT_STREQ(FormatRecordCount(1, text), "1 record");
}

TEST(FormatRecordCount, NegativeCountsKeepTheirSign) {
  char text[kRecordCountSize];
  EXPECT_STREQ(FormatRecordCount(-100, text), "-100 records");
  EXPECT_STREQ(FormatRecordCount(-1000, text), "-1,000 records");
  EXPECT_STREQ(FormatRecordCount(INT32_MIN, text), "-2,147,483,648 records");
}

}  // namespace
}  // namespace vidyo_cdr
