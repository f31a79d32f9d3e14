// Usage figures of a range of time: a sweep over the calls in order of their JoinTimes, with a heap
// of the ends of those that are there. So it needs memory for who is there, and for what a bucket
// has to tell apart, but not for all calls; n calls, of which k are there at once, take n log k
// steps.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/growing_array.hpp"
#include "core/time/calendar.hpp"
#include "core/usage/presence.hpp"

namespace vidyo_cdr {

// One record, with moments in microseconds since 2000-01-01 00:00 UTC. It lasts from join up to,
// but not including, end.
struct Call {
  int64_t join;
  int64_t end;           // == join: of no length
  uint32_t group;        // counted from 0
  bool is_connected;     // false: an attempt that never connected
  bool is_open;          // it goes on, and its end is now
  bool has_unknown_end;  // which then is its join
  bool is_legacy;
  std::string_view meeting;
  std::string_view tenant;
  std::string_view caller;  // empty: cannot be told apart from others
};

// Microseconds of many calls: 100 million of a year each are more than 64 bits hold. Memory of the
// caller's is aligned to 8 bytes only.
using SummedTime [[gnu::aligned(8)]] = __int128;

// A length of time in minutes.
constexpr double Minutes(SummedTime microseconds) noexcept {
  return static_cast<double>(microseconds) / 60e6;
}

// The figures of one group in one bucket.
struct UsageCell {
  uint32_t bucket;  // counted from 0
  uint32_t group;
  int64_t start;
  int64_t end;
  int64_t peak;
  int64_t peak_time;  // when that many were there first; meaningless when peak is 0
  SummedTime participant_time;
  SummedTime legacy_time;
  int64_t peak_meetings;
  int64_t meetings;
  int64_t callers;
  int64_t joins;
  int64_t attempts;
  int64_t unknown_ends;
};

static_assert(alignof(UsageCell) == 8);

// Takes the figures, bucket after bucket. Throws nothing, and has nothing to destroy.
class UsageSink {
 public:
  virtual void Take(const UsageCell &cell) noexcept = 0;

 protected:
  ~UsageSink() = default;
};

enum class SweepStatus {
  kOk,
  kNoMemory,
  kTooManyRows,  // buckets times groups
  kOutOfOrder,   // a call joined before the one before it
};

struct SweepRequest {
  static constexpr int64_t kNoStart = INT64_MIN;
  static constexpr int64_t kNoEnd = INT64_MAX;

  int64_t start = kNoStart;
  int64_t end = kNoEnd;          // exclusive; after start
  Calendar *calendar = nullptr;  // nullptr: one bucket
  bool is_grouped = false;       // false: all calls have group 0, which each bucket has
  bool needs_meetings = true;
  bool needs_callers = true;
  int64_t max_rows = INT64_MAX;
  uint64_t seed = 0;  // of hash tables
};

class UsageSweep {
 public:
  UsageSweep(const SweepRequest &request, Memory memory, UsageSink *sink) noexcept;

  // Whether a call counts in the range.
  bool Touches(const Call &call) const noexcept {
    return call.join < request_.end &&
           (call.join >= request_.start || (call.is_connected && call.end > request_.start));
  }

  // Takes the next call. They come in order of join; those from before the range in any order. A
  // call that does not touch the range, or that joins behind it, counts nowhere.
  SweepStatus Add(const Call &call) noexcept;

  // There are no more calls.
  SweepStatus Finish() noexcept;

  // Whether some call has touched the range.
  bool HasCalls() const noexcept { return has_calls_; }

  // After Finish(): how many buckets there were, and the bounds of them all.
  uint32_t Buckets() const noexcept { return buckets_; }
  int64_t Start() const noexcept { return first_start_; }
  int64_t End() const noexcept { return bucket_end_; }

  // Makes the sweep ready for other calls, with the memory that it has.
  void Restart() noexcept;

 private:
  // What is known of a group: who is there now, and its figures in the current bucket.
  struct Group {
    int64_t present;
    int64_t legacy_present;
    int64_t meetings_present;
    int64_t callers_present;
    bool is_active;  // it has a cell in the current bucket
    UsageCell cell;
  };

  // The end of a call that is there.
  struct Leave {
    int64_t end;
    uint32_t group;
    uint32_t meeting;
    uint32_t caller;
    bool is_legacy;
  };
  struct EndsLater;

  void Begin(int64_t start) noexcept;
  void OpenBucket(int64_t start) noexcept;
  SweepStatus CloseBucket() noexcept;
  SweepStatus AdvanceTo(int64_t moment) noexcept;
  void RemoveUntil(int64_t moment) noexcept;
  Group *TouchGroup(uint32_t number) noexcept;
  void StartCell(Group *group) noexcept;
  SweepStatus Visit(const Call &call, Group *group, Leave *leave) noexcept;
  SweepStatus Enter(const Call &call, int64_t moment, Group *group) noexcept;

  SweepRequest request_;
  UsageSink *sink_;
  GrowingArray<Group> groups_;
  GrowingArray<uint32_t> active_;  // the groups that have a cell in the current bucket
  GrowingArray<Leave> leaves_;     // a heap, whose first one ends first
  Presence meetings_;
  Presence callers_;
  bool has_calls_ = false;
  bool has_begun_ = false;
  int64_t now_ = 0;
  int64_t last_join_ = 0;
  int64_t last_end_ = 0;
  int64_t first_start_ = 0;
  int64_t bucket_start_ = 0;
  int64_t bucket_end_ = 0;
  uint32_t buckets_ = 0;  // that are closed
};

}  // namespace vidyo_cdr
