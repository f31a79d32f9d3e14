// The figures of a page, each read once.
#pragma once

#include <string_view>
#include <type_traits>

#include "base/postgres.hpp"
#include "core/growing_array.hpp"
#include "core/report/range.hpp"
#include "core/report/series.hpp"
#include "core/slice.hpp"
#include "report/rows.hpp"

namespace vidyo_cdr {

// The figures of a whole range.
struct Totals {
  bool is_there;  // false: the range has no bounds and no records, or no length
  TimeRange range;
  int64_t peak;
  int64_t peak_time;  // meaningless when peak is 0
  double minutes;
  double legacy_minutes;
  int64_t peak_meetings;
  int64_t meetings;
  int64_t callers;
  int64_t joins;
  int64_t attempts;
  int64_t unknown_ends;

  int64_t NeverConnected() const { return attempts - joins; }
  bool HasRecords() const { return peak > 0 || attempts > 0; }
};

Totals ReadTotals(const PageReader &reader, TimeRange range);

// Participants over time and by hour of the week.
struct UsageOverTime {
  BucketLength bucket;
  Slice<Participants> buckets;
  bool has_week;  // false: the range is too short, or too long to be read by the hour
  WeekBuilder week;
};

// Reads as far as `until`, since what comes later is not known yet. covered: the range with bounds.
UsageOverTime ReadOverTime(const PageReader &reader, TimeRange covered, int64_t until);

// Minutes over time by type of endpoint.
struct MinutesByType {
  static constexpr int kTypes = 5;
  static constexpr std::string_view kCodes[kTypes] = {"D", "R", "G", "L", "C"};
  static constexpr std::string_view kNames[kTypes] = {"VidyoDesktop", "VidyoRoom", "Guests",
                                                      "Telephones and legacy", "Recorders"};

  BucketLength bucket;
  Slice<TimeRange> buckets;
  Slice<double> minutes[kTypes];
  double sums[kTypes];
};

MinutesByType ReadMinutesByType(const PageReader &reader, TimeRange covered, int64_t until);

// The figures of one value of a field.
struct Group {
  std::string_view name;  // in UTF-8
  bool is_null;
  int64_t peak;
  double minutes;
  int64_t joins;
  int64_t attempts;
};

// The first groups in an order, and the others.
struct Groups {
  static constexpr int kMost = 10;

  Group first[kMost];
  int count;
  int64_t others_count;
  Group others;  // its peak is 0
  double largest_minutes;
};

enum class GroupOrder { kByMinutes, kByAttempts, kByJoins };

// skips_nobody leaves out '' and Guest, which are nobody in particular.
Groups ReadGroups(const PageReader &reader, const char *field, GroupOrder order, bool skips_nobody);

// The tenants that the reader sees.
struct Tenants {
  static constexpr int kMost = 3;

  std::string_view first[kMost];  // in UTF-8
  int64_t count;

  int Shown() const { return count < kMost ? static_cast<int>(count) : kMost; }
};

Tenants ReadTenants(const PageReader &reader);

// How many of the calls of the range go on now.
int64_t ReadOpenCalls(const PageReader &reader);

static_assert(std::is_trivially_destructible_v<UsageOverTime>);
static_assert(std::is_trivially_destructible_v<MinutesByType>);

}  // namespace vidyo_cdr
