// Usage figures against a brute force by seconds over random calls, the edges one by one, and the
// memory that a sweep needs.
#include "core/usage/sweep.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reference_usage.hpp"

namespace vidyo_cdr {
namespace {

constexpr int64_t kSecond = kReferenceSecond;

class RandomCalls {
 public:
  explicit RandomCalls(uint32_t seed) : random_(seed) {}

  int64_t Number(int64_t from, int64_t to) {
    return std::uniform_int_distribution<int64_t>(from, to)(random_);
  }

  ReferenceCall Call(bool is_grouped) {
    ReferenceCall call = {};
    call.join = Number(0, 50);
    call.is_connected = Number(0, 4) > 0;
    call.end = call.is_connected ? call.join + Number(0, 3) * Number(0, 8) : call.join;
    call.has_unknown_end = call.is_connected && call.end == call.join && Number(0, 1) == 0;
    call.is_legacy = Number(0, 2) == 0;
    call.group = is_grouped ? static_cast<uint32_t>(Number(0, 3)) : 0;
    call.meeting = std::string(static_cast<size_t>(Number(0, 5)), 'm');
    call.tenant = Number(0, 1) == 0 ? "a" : "ab";
    const std::string callers[] = {"", "b", "bc", "c", "d"};
    call.caller = callers[Number(0, 4)];
    return call;
  }

  ReferenceRange Range() {
    ReferenceRange range = {};
    range.has_start = Number(0, 2) > 0;
    range.has_end = Number(0, 2) > 0;
    range.start = Number(-5, 40);
    range.end = range.start + Number(1, 30);
    const int32_t lengths[] = {0, 1, 5, 10, 60};
    range.bucket_seconds = lengths[Number(0, 4)];
    range.is_grouped = Number(0, 1) == 0;
    return range;
  }

 private:
  std::mt19937 random_;
};

TEST(UsageSweep, AgreesWithTheBruteForce) {
  for (uint32_t seed = 0; seed < 3000; seed++) {
    RandomCalls random(seed);
    const ReferenceRange range = random.Range();
    std::vector<ReferenceCall> calls;
    for (int64_t i = random.Number(0, 25); i > 0; i--) {
      calls.push_back(random.Call(range.is_grouped));
    }
    ASSERT_EQ(SweptCells(calls, range), ReferenceCells(calls, range)) << "seed " << seed;
  }
}

// The only cell of a range of a minute.
std::string MinuteOf(const std::vector<ReferenceCall> &calls) {
  const std::vector<std::string> cells = SweptCells(calls, {true, true, 0, 60, 0, false});
  return cells.size() == 1 ? cells[0] : "not one cell";
}

TEST(UsageSweep, WhoLeavesWhenAnotherJoinsWasNotThereTogetherWithHim) {
  EXPECT_EQ(MinuteOf({{10, 20, 0, true, false, false, "m", "t", "a"},
                      {20, 30, 0, true, false, false, "m", "t", "a"}}),
            CellText(0, 0, 60, 1, 10, 20, 0, 1, 1, 1, 2, 2, 0));
}

TEST(UsageSweep, NoLengthIsAJoinWithoutConcurrency) {
  EXPECT_EQ(MinuteOf({{10, 10, 0, true, true, false, "m", "t", "a"},
                      {20, 20, 0, false, false, false, "n", "t", "b"}}),
            CellText(0, 0, 60, 0, 0, 0, 0, 0, 1, 1, 1, 2, 1));
}

TEST(UsageSweep, ClipsToTheRange) {
  EXPECT_EQ(MinuteOf({{-10, 5, 0, true, false, true, "m", "t", "a"},
                      {50, 90, 0, true, false, false, "n", "t", "b"},
                      {-9, 0, 0, true, false, false, "o", "t", "c"}}),
            CellText(0, 0, 60, 1, 0, 15, 5, 1, 2, 2, 1, 1, 0));
}

TEST(UsageSweep, BucketsWithoutCallsHaveZeros) {
  EXPECT_EQ(SweptCells({}, {true, true, 0, 20, 10, false}).size(), 2U);
  EXPECT_EQ(SweptCells({}, {true, true, 0, 20, 10, true}).size(), 0U);
  EXPECT_EQ(SweptCells({}, {true, false, 0, 0, 10, false}).size(), 0U);
  EXPECT_EQ(SweptCells({}, {false, true, 0, 20, 10, false}).size(), 0U);
}

class CountingSink final : public UsageSink {
 public:
  void Take(const UsageCell &cell) noexcept override {
    cells++;
    meetings += cell.meetings;
    callers += cell.callers;
    time += cell.participant_time;
  }
  int64_t cells = 0;
  int64_t meetings = 0;
  int64_t callers = 0;
  SummedTime time = 0;
};

TEST(UsageSweep, AddsUpMoreTimeThan64BitsHold) {
  SweepRequest request;
  TestMemory memory;
  CountingSink sink;
  UsageSweep sweep(request, memory.Get(), &sink);
  constexpr int64_t kFirst = -211813488000000000;
  constexpr int64_t kLast = 9223371331199999999;
  for (int i = 0; i < 100; i++) {
    ASSERT_EQ(sweep.Add({kFirst, kLast, 0, true, false, false, false, "m", "t", "c"}),
              SweepStatus::kOk);
  }
  ASSERT_EQ(sweep.Finish(), SweepStatus::kOk);
  EXPECT_TRUE(sink.time == (SummedTime{kLast} - kFirst) * 100);
}

TEST(UsageSweep, RefusesTooManyRowsAndDisorder) {
  Calendar calendar({BucketLength::kSeconds, 60}, FindUtc, nullptr);
  SweepRequest request;
  request.start = 0;
  request.end = 600 * kSecond;
  request.calendar = &calendar;
  TestMemory memory;
  CountingSink sink;
  for (const int64_t max_rows : {9, 10}) {
    request.max_rows = max_rows;
    UsageSweep sweep(request, memory.Get(), &sink);
    EXPECT_EQ(sweep.Finish(), max_rows < 10 ? SweepStatus::kTooManyRows : SweepStatus::kOk);
  }
  request.is_grouped = true;
  request.max_rows = 29;
  UsageSweep sweep(request, memory.Get(), &sink);
  ASSERT_EQ(sweep.Add({kSecond, kSecond, 2, true, false, false, false, "", "", ""}),
            SweepStatus::kOk);
  EXPECT_EQ(sweep.Add({kSecond - 1, kSecond, 0, true, false, false, false, "", "", ""}),
            SweepStatus::kOutOfOrder);
  EXPECT_EQ(sweep.Finish(), SweepStatus::kTooManyRows);
}

TEST(UsageSweep, SaysWhenThereIsNoMemory) {
  for (const size_t limit : {size_t{0}, size_t{500}, size_t{5000}, size_t{50000}}) {
    TestMemory memory(limit);
    CountingSink sink;
    UsageSweep sweep({}, memory.Get(), &sink);
    SweepStatus status = SweepStatus::kOk;
    for (int64_t i = 0; i < 100000 && status == SweepStatus::kOk; i++) {
      const std::string name = std::to_string(i);
      status = sweep.Add({i, i + 1000000, 0, true, false, false, false, name, name, name});
    }
    EXPECT_EQ(status, SweepStatus::kNoMemory) << limit;
    EXPECT_LE(memory.Peak(), limit);
  }
}

// A sweep that is restarted counts as a new one does.
TEST(UsageSweep, Restarts) {
  TestMemory memory;
  CountingSink sink;
  UsageSweep sweep({}, memory.Get(), &sink);
  for (int i = 0; i < 3; i++) {
    for (int64_t join = 0; join < 200; join++) {
      const std::string name = std::to_string(join);
      ASSERT_EQ(sweep.Add({join, 1000, 0, true, false, false, false, name, "t", name}),
                SweepStatus::kOk);
    }
    ASSERT_EQ(sweep.Finish(), SweepStatus::kOk);
    sweep.Restart();
  }
  EXPECT_EQ(sink.cells, 3);
  EXPECT_EQ(sink.meetings, 600);
  EXPECT_EQ(sink.callers, 600);
}

// Memory follows who is there and what a bucket has, not how many calls there are: a day's meetings
// and callers are forgotten.
TEST(UsageSweep, MemoryDoesNotGrowWithCalls) {
  size_t peak[2] = {};
  for (const int days : {10, 100}) {
    Calendar calendar({BucketLength::kDays, 1}, FindUtc, nullptr);
    SweepRequest request;
    request.calendar = &calendar;
    TestMemory memory;
    CountingSink sink;
    UsageSweep sweep(request, memory.Get(), &sink);
    for (int64_t i = 0; i < days * int64_t{2000}; i++) {
      const std::string meeting = "1234567890" + std::to_string(i / 4);
      const std::string caller = "caller" + std::to_string(i % 1700 + i / 2000 * 100);
      const int64_t join = i * 43 * kSecond;
      ASSERT_EQ(sweep.Add({join, join + 1800 * kSecond, 0, true, false, false, false, meeting,
                           "acme.example.com", caller}),
                SweepStatus::kOk);
    }
    ASSERT_EQ(sweep.Finish(), SweepStatus::kOk);
    EXPECT_GT(sink.meetings, days * 450);
    peak[days == 100] = memory.Peak();
  }
  EXPECT_LE(peak[1], 2 * peak[0]);  // arrays double
}

// Many keys that come and go, against sets that are made anew.
TEST(Presence, ForgetsOnlyWhatIsNotNeeded) {
  std::mt19937 random(1);
  TestMemory memory;
  Presence presence(memory.Get(), 7);
  std::map<std::string, std::pair<int, bool>> expected;  // how often there, whether in the bucket
  std::vector<std::pair<std::string, uint32_t>> there;
  for (int i = 0; i < 200000; i++) {
    const std::string name(1 + random() % 20, static_cast<char>('a' + random() % 26));
    const std::string key = name + std::to_string(random() % 200);
    const uint32_t id = presence.Find({0, key, {}});
    auto &state = expected[key];
    ASSERT_EQ(presence.Visit(id), state.first == 0 && !state.second);
    state.second = true;
    if (random() % 2 == 0) {
      ASSERT_EQ(presence.Enter(id), state.first == 0);
      state.first++;
      there.push_back({key, id});
    }
    if (there.size() > 300) {
      const size_t place = random() % there.size();
      auto &left = expected[there[place].first];
      left.first--;
      left.second = true;
      ASSERT_EQ(presence.Leave(there[place].second), left.first == 0);
      there.erase(there.begin() + static_cast<std::ptrdiff_t>(place));
    }
    if (random() % 5000 == 0) {
      presence.NextBucket();
      for (auto &[other, known] : expected) {
        known.second = false;
      }
    }
  }
}

// Each meeting starts with no keys, which must not cost as much as the largest meeting before it.
TEST(Presence, IsClearedInNoTimeAfterManyKeys) {
  TestMemory memory;
  Presence presence(memory.Get(), 7);
  for (int i = 0; i < 1000000; i++) {
    presence.Enter(presence.Find({0, std::to_string(i), {}}));
  }
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  int rounds = 0;
  for (; rounds < 100000 && std::chrono::steady_clock::now() < deadline; rounds++) {
    presence.Clear();
    for (const std::string_view key : {"a", "b", "a"}) {
      presence.Enter(presence.Find({0, key, {}}));
    }
    ASSERT_FALSE(presence.Leave(presence.Find({0, "a", {}})));
    ASSERT_TRUE(presence.Leave(presence.Find({0, "b", {}})));
  }
  EXPECT_EQ(rounds, 100000);
}

}  // namespace
}  // namespace vidyo_cdr
