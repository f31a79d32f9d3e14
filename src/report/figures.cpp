// Reading figures: a call of cdr_usage for each kind of them.
#include "report/figures.hpp"

#include <algorithm>

#include "base/memory.hpp"

namespace vidyo_cdr {

namespace {

constexpr int64_t kMostPoints = 400;
constexpr int64_t kMostBars = 62;

// The hours of the week are told of ranges that have them all. Of very long ones they would be rows
// without end: one record of a broken clock is enough.
constexpr int64_t kShortestByHour = 7 * USECS_PER_DAY;
constexpr int64_t kLongestByHour = 10 * int64_t{366} * USECS_PER_DAY;

constexpr BucketLength kHour = {BucketLength::kSeconds, SECS_PER_HOUR};

bool IsUpToAnHour(BucketLength length) {
  return length.unit == BucketLength::kSeconds && length.count <= SECS_PER_HOUR;
}

// What to read for a bucket: cdr_usage has none of more than a year.
BucketLength ReadableBucket(BucketLength length) {
  return length.unit == BucketLength::kMonths && length.count > kYear.count ? kYear : length;
}

// A copy in the current memory context.
std::string_view Copy(std::string_view text) {
  return {pnstrdup(text.data(), text.size()), text.size()};
}

template <typename Value>
Slice<Value> SliceOf(GrowingArray<Value> &array) {
  return {array.begin(), array.Size()};
}

const char *OrderBy(GroupOrder order) {
  switch (order) {
    case GroupOrder::kByMinutes:
      return "ORDER BY u.participant_minutes DESC, u.joins DESC,"
             " u.group_value COLLATE pg_catalog.\"C\"";
    case GroupOrder::kByAttempts:
      return "ORDER BY u.attempts DESC, u.group_value COLLATE pg_catalog.\"C\"";
    case GroupOrder::kByJoins:
      break;
  }
  return "ORDER BY u.joins DESC, u.group_value COLLATE pg_catalog.\"C\"";
}

// '' stands for whoever gave no name; all guests are called Guest.
bool IsNobody(std::string_view name) { return name.empty() || name == "Guest"; }

void AddGroup(const Group &group, MemoryContext context, Groups *groups) {
  groups->largest_minutes = std::max(groups->largest_minutes, group.minutes);
  if (groups->count < Groups::kMost) {
    Group &added = groups->first[groups->count++];
    added = group;
    added.name = InMemoryContext(context, [&] { return Copy(group.name); });
    return;
  }
  groups->others_count++;
  groups->others.minutes += group.minutes;
  groups->others.joins += group.joins;
  groups->others.attempts += group.attempts;
}

// Puts the minutes of stretches of time together to buckets.
class MinutesBuilder {
 public:
  MinutesBuilder(Calendar calendar, Memory memory)
      : calendar_(calendar),
        buckets_(memory),
        minutes_{GrowingArray<double>(memory), GrowingArray<double>(memory),
                 GrowingArray<double>(memory), GrowingArray<double>(memory),
                 GrowingArray<double>(memory)} {}

  // Takes the minutes of one type, which follow those of earlier stretches, and of other types.
  void Add(TimeRange part, std::string_view code, double minutes) {
    if (part.start >= bucket_end_) {
      bucket_end_ = calendar_.Next(part.start);
      buckets_.Push(part);
      for (GrowingArray<double> &series : minutes_) {
        series.Push(0);
      }
    }
    const size_t last = buckets_.Size() - 1;
    buckets_[last].end = part.end;
    const auto *found =
        std::find(std::begin(MinutesByType::kCodes), std::end(MinutesByType::kCodes), code);
    if (found != std::end(MinutesByType::kCodes)) {
      const auto type = found - MinutesByType::kCodes;
      minutes_[type][last] += minutes;
      sums_[type] += minutes;
    }
  }

  MinutesByType Result(BucketLength bucket) {
    MinutesByType result = {};
    result.bucket = bucket;
    result.buckets = SliceOf(buckets_);
    for (int i = 0; i < MinutesByType::kTypes; i++) {
      result.minutes[i] = SliceOf(minutes_[i]);
      result.sums[i] = sums_[i];
    }
    return result;
  }

 private:
  Calendar calendar_;
  int64_t bucket_end_ = DT_NOBEGIN;
  GrowingArray<TimeRange> buckets_;
  GrowingArray<double> minutes_[MinutesByType::kTypes];
  double sums_[MinutesByType::kTypes] = {};
};
static_assert(std::is_trivially_destructible_v<MinutesBuilder>);

}  // namespace

Totals ReadTotals(const PageReader &reader, TimeRange range) {
  Totals totals = {};
  reader.Read({"u.bucket_start, u.bucket_end, u.peak_participants, u.peak_time,"
               " u.participant_minutes, u.legacy_minutes, u.peak_meetings, u.meetings,"
               " u.unique_callers, u.joins, u.attempts, u.unknown_end",
               nullptr, nullptr, "", &range},
              [&](const Row &row) {
                totals = {true,           {row.Moment(1), row.Moment(2)},
                          row.Number(3),  row.Moment(4),
                          row.Amount(5),  row.Amount(6),
                          row.Number(7),  row.Number(8),
                          row.Number(9),  row.Number(10),
                          row.Number(11), row.Number(12)};
              });
  return totals;
}

// The hours of longer buckets give their peaks and averages as well, so nothing is read twice.
UsageOverTime ReadOverTime(const PageReader &reader, TimeRange covered, int64_t until) {
  const ZoneRules rules = reader.request().Rules();
  const BucketLength shown = ChooseBucket(covered, kMostPoints);
  const TimeRange known = {covered.start, std::min(covered.end, until)};
  const bool has_week = known.Length() >= kShortestByHour && covered.Length() <= kLongestByHour;
  const BucketLength read = has_week && !IsUpToAnHour(shown) ? kHour : ReadableBucket(shown);
  UsageOverTime usage = {shown, {}, has_week, WeekBuilder(rules)};
  SeriesBuilder series(Calendar(shown, rules.find_offset, rules.zone), MemoryOf(reader.context()));
  reader.Read({"u.bucket_start, u.bucket_end, u.peak_participants, u.peak_time,"
               " u.average_participants",
               &read},
              [&](const Row &row) {
                const Participants part = {row.Moment(1), row.Moment(2), row.Number(3),
                                           row.Moment(4), row.Amount(5)};
                if (part.start < until) {
                  series.Add(part);
                  usage.week.Add(part);
                }
              });
  usage.buckets = series.Buckets();
  return usage;
}

MinutesByType ReadMinutesByType(const PageReader &reader, TimeRange covered, int64_t until) {
  const ZoneRules rules = reader.request().Rules();
  const BucketLength shown = ChooseBucket(covered, kMostBars);
  const BucketLength read = ReadableBucket(shown);
  MinutesBuilder builder(Calendar(shown, rules.find_offset, rules.zone),
                         MemoryOf(reader.context()));
  reader.Read(
      {"u.bucket_start, u.bucket_end, u.group_value, u.participant_minutes", &read, "EndpointType"},
      [&](const Row &row) {
        const TimeRange part = {row.Moment(1), row.Moment(2)};
        if (part.start < until) {
          builder.Add(part, row.Utf8(3), row.Amount(4));
        }
      });
  return builder.Result(shown);
}

Groups ReadGroups(const PageReader &reader, const char *field, GroupOrder order,
                  bool skips_nobody) {
  Groups groups = {};
  reader.Read({"u.group_value, u.peak_participants, u.participant_minutes, u.joins, u.attempts",
               nullptr, field, OrderBy(order)},
              [&](const Row &row) {
                const Group group = {row.Utf8(1),   row.IsNull(1), row.Number(2),
                                     row.Amount(3), row.Number(4), row.Number(5)};
                if (!skips_nobody || !IsNobody(group.name)) {
                  AddGroup(group, reader.context(), &groups);
                }
              });
  return groups;
}

Tenants ReadTenants(const PageReader &reader) {
  Tenants tenants = {};
  reader.ReadView("SELECT t.TenantName FROM %s AS t ORDER BY t.TenantName COLLATE pg_catalog.\"C\"",
                  "cdr_tenants", [&](const Row &row) {
                    if (tenants.count < Tenants::kMost) {
                      tenants.first[tenants.count] =
                          InMemoryContext(reader.context(), [&] { return Copy(row.Utf8(1)); });
                    }
                    tenants.count++;
                  });
  return tenants;
}

int64_t ReadOpenCalls(const PageReader &reader) {
  int64_t count = 0;
  reader.ReadView(
      "SELECT pg_catalog.count(*) FROM %s AS l WHERE l.is_person"
      " AND l.JoinTime OPERATOR(pg_catalog.<) $2 AND $1 OPERATOR(pg_catalog.<) pg_catalog.now()"
      " AND ($3 IS NULL OR l.TenantName OPERATOR(pg_catalog.=) $3)",
      "cdr_live", [&](const Row &row) { count = row.Number(1); });
  return count;
}

}  // namespace vidyo_cdr
