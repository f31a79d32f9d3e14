// Every rule of DecideMerge() by how far the two records are and how they differ, and over random
// records what must hold whatever the rules decide.
#include "core/record_merge.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

#include "core/record_code.hpp"

namespace vidyo_cdr {
namespace {

constexpr ColumnSet kName = Only(kCallerName);
constexpr ColumnSet kState = Only(kCallState);
constexpr ColumnSet kLeave = Only(kLeaveTime);
constexpr MergeVerdict kSame = MergeVerdict::kUnchanged;
constexpr MergeVerdict kTake = MergeVerdict::kUpdate;
constexpr MergeVerdict kClash = MergeVerdict::kConflict;

struct Verdict {
  MergeVerdict verdict;
  ColumnSet columns;
};

void ExpectDecision(const MergeDecision &decision, const Verdict &expected,
                    const std::string &what) {
  EXPECT_EQ(decision.verdict, expected.verdict) << what;
  EXPECT_EQ(decision.columns, expected.columns) << what;
  EXPECT_FALSE(decision.names_another_tenant) << what;
}

TEST(CallStage, OpenUntilLeftOrEnded) {
  for (const char *state : {"RINGING", "ALERTING", "RING ACCEPTED", "IN PROGRESS"}) {
    EXPECT_TRUE((CallStage{state, false}.IsOpen())) << state;
    EXPECT_FALSE((CallStage{state, true}.IsOpen())) << state;
  }
  for (const char *state :
       {"COMPLETED", "RING REJECTED", "RING NO ANSWER", "RING CANCELLED", "ALERT CANCELLED"}) {
    EXPECT_FALSE((CallStage{state, false}.IsOpen())) << state;
    EXPECT_FALSE((CallStage{state, true}.IsOpen())) << state;
  }
}

// Two stages of a call, and what is decided when CallerName is the same in both records, differs,
// is stored only, or comes only with the incoming one. That CallState and LeaveTime differ follows
// from the stages.
struct Case {
  const char *what;
  CallStage stored;
  CallStage incoming;
  Verdict same;
  Verdict different;
  Verdict only_incoming;
};

const std::vector<Case> &Cases() {
  static const std::vector<Case> cases = {
      {"open, open and behind",
       {"IN PROGRESS", false},
       {"RINGING", false},
       {kSame, 0},
       {kClash, kName},
       {kTake, kName}},
      {"open, open and as far",
       {"ALERTING", false},
       {"ALERTING", false},
       {kSame, 0},
       {kTake, kName},
       {kTake, kName}},
      {"open, open and further",
       {"RINGING", false},
       {"ALERTING", false},
       {kTake, kState},
       {kTake, kState | kName},
       {kTake, kState | kName}},
      {"open, left but behind",
       {"IN PROGRESS", false},
       {"RINGING", true},
       {kClash, kState},
       {kClash, kState | kName},
       {kClash, kState}},
      {"open, left and as far",
       {"IN PROGRESS", false},
       {"IN PROGRESS", true},
       {kTake, kLeave},
       {kTake, kLeave | kName},
       {kTake, kLeave | kName}},
      {"open, left and further",
       {"RINGING", false},
       {"IN PROGRESS", true},
       {kTake, kState | kLeave},
       {kTake, kState | kLeave | kName},
       {kTake, kState | kLeave | kName}},
      {"open, ended",
       {"IN PROGRESS", false},
       {"COMPLETED", true},
       {kTake, kState | kLeave},
       {kTake, kState | kLeave | kName},
       {kTake, kState | kLeave | kName}},
      {"open, ended without LeaveTime",
       {"RINGING", false},
       {"RING REJECTED", false},
       {kTake, kState},
       {kTake, kState | kName},
       {kTake, kState | kName}},

      {"ended, open and behind",
       {"COMPLETED", true},
       {"IN PROGRESS", false},
       {kSame, 0},
       {kClash, kName},
       {kTake, kName}},
      {"ended without LeaveTime, open and behind",
       {"RING NO ANSWER", false},
       {"RINGING", false},
       {kSame, 0},
       {kClash, kName},
       {kTake, kName}},
      {"left, open and as far",
       {"IN PROGRESS", true},
       {"IN PROGRESS", false},
       {kSame, 0},
       {kClash, kName},
       {kTake, kName}},
      {"left, open but further",
       {"RINGING", true},
       {"IN PROGRESS", false},
       {kClash, kState},
       {kClash, kState | kName},
       {kClash, kState}},
      {"ended, ended",
       {"COMPLETED", true},
       {"COMPLETED", true},
       {kSame, 0},
       {kClash, kName},
       {kTake, kName}},
      {"ended, ended with LeaveTime",
       {"COMPLETED", false},
       {"COMPLETED", true},
       {kTake, kLeave},
       {kClash, kName},
       {kTake, kLeave | kName}},
      {"ended, ended without LeaveTime",
       {"COMPLETED", true},
       {"COMPLETED", false},
       {kSame, 0},
       {kClash, kName},
       {kTake, kName}},
      {"ended, ended otherwise",
       {"RING CANCELLED", false},
       {"RING REJECTED", false},
       {kClash, kState},
       {kClash, kState | kName},
       {kClash, kState}},
      {"left, left but behind",
       {"IN PROGRESS", true},
       {"RINGING", true},
       {kClash, kState},
       {kClash, kState | kName},
       {kClash, kState}},
      {"left, ended",
       {"IN PROGRESS", true},
       {"COMPLETED", true},
       {kClash, kState},
       {kClash, kState | kName},
       {kClash, kState}},
      {"ended, left but behind",
       {"COMPLETED", false},
       {"IN PROGRESS", true},
       {kClash, kState},
       {kClash, kState | kName},
       {kClash, kState}},
  };
  return cases;
}

RecordDifferences StageDifferences(const CallStage &stored, const CallStage &incoming) {
  RecordDifferences differences;
  differences.different = stored.call_state == incoming.call_state ? 0 : kState;
  differences.only_stored = stored.has_left && !incoming.has_left ? kLeave : 0;
  differences.only_incoming = incoming.has_left && !stored.has_left ? kLeave : 0;
  return differences;
}

TEST(DecideMerge, ByStageAndDifference) {
  for (const Case &row : Cases()) {
    const RecordDifferences stages = StageDifferences(row.stored, row.incoming);
    const std::string what = row.what;
    ExpectDecision(DecideMerge(row.stored, row.incoming, stages), row.same, what + ", same");
    RecordDifferences differences = stages;
    differences.different |= kName;
    ExpectDecision(DecideMerge(row.stored, row.incoming, differences), row.different,
                   what + ", different");
    differences = stages;
    differences.only_stored |= kName;
    // A value that the incoming record lacks makes no difference.
    ExpectDecision(DecideMerge(row.stored, row.incoming, differences), row.same,
                   what + ", stored only");
    differences = stages;
    differences.only_incoming |= kName;
    ExpectDecision(DecideMerge(row.stored, row.incoming, differences), row.only_incoming,
                   what + ", incoming only");
  }
}

// Which of two LeaveTimes is right cannot be told.
TEST(DecideMerge, AnotherLeaveTimeIsAConflict) {
  const CallStage ended = {"COMPLETED", true};
  RecordDifferences differences;
  differences.different = kLeave;
  ExpectDecision(DecideMerge(ended, ended, differences), {kClash, kLeave}, "LeaveTime");
}

// Gains are not taken from a record that contradicts elsewhere; every contradiction is named.
TEST(DecideMerge, ConflictNamesAllContradictionsAndNoGains) {
  const CallStage ended = {"COMPLETED", true};
  RecordDifferences differences;
  differences.different = Only(kRoomOwner) | Only(kExtension);
  differences.only_stored = Only(kRouterID);
  differences.only_incoming = Only(kDeviceModel);
  ExpectDecision(DecideMerge(ended, ended, differences),
                 {kClash, Only(kRoomOwner) | Only(kExtension)}, "ended");
}

// Each column on its own: only TenantName, UniqueCallID and JoinTime have rules apart.
TEST(DecideMerge, EveryOtherColumnIsMergedAlike) {
  const CallStage open = {"IN PROGRESS", false};
  const CallStage ended = {"COMPLETED", true};
  for (int32_t i = kConferenceName; i < kRecordColumnCount; i++) {
    const auto column = static_cast<RecordColumn>(i);
    if (column == kTenantName || column == kJoinTime || column == kLeaveTime ||
        column == kCallState) {
      continue;
    }
    RecordDifferences different;
    different.different = Only(column);
    const std::string what = "column " + std::to_string(i);
    ExpectDecision(DecideMerge(open, open, different), {kTake, Only(column)}, what);
    ExpectDecision(DecideMerge(ended, ended, different), {kClash, Only(column)}, what);
    RecordDifferences gain;
    gain.only_incoming = Only(column);
    ExpectDecision(DecideMerge(ended, ended, gain), {kTake, Only(column)}, what);
  }
}

// Whatever the stages and the other differences.
TEST(DecideMerge, AnotherCall) {
  const ColumnSet identity = Only(kUniqueCallID) | Only(kJoinTime);
  for (const Case &row : Cases()) {
    for (const ColumnSet columns : {Only(kUniqueCallID), Only(kJoinTime), identity}) {
      for (int kind = 0; kind < 3; kind++) {
        RecordDifferences differences = StageDifferences(row.stored, row.incoming);
        differences.different |= kName | Only(kTenantName);
        differences.only_incoming |= Only(kRouterID);
        (kind == 0   ? differences.different
         : kind == 1 ? differences.only_stored
                     : differences.only_incoming) |= columns;
        ExpectDecision(DecideMerge(row.stored, row.incoming, differences),
                       {MergeVerdict::kAnotherCall, columns}, row.what);
      }
    }
  }
}

// The tenant's name changes no decision but is told.
TEST(DecideMerge, AnotherTenantNameIsToldAndNotTaken) {
  for (const Case &row : Cases()) {
    for (int kind = 0; kind < 3; kind++) {
      RecordDifferences differences = StageDifferences(row.stored, row.incoming);
      (kind == 0   ? differences.different
       : kind == 1 ? differences.only_stored
                   : differences.only_incoming) |= Only(kTenantName);
      const MergeDecision decision = DecideMerge(row.stored, row.incoming, differences);
      EXPECT_EQ(decision.verdict, row.same.verdict) << row.what;
      EXPECT_EQ(decision.columns, row.same.columns) << row.what;
      EXPECT_TRUE(decision.names_another_tenant) << row.what;
    }
  }
}

// A record by what its columns hold; an empty text is no value.
using Record = std::array<std::string, kRecordColumnCount>;

CallStage StageOf(const Record &record) {
  return {record[kCallState], !record[kLeaveTime].empty()};
}

RecordDifferences Compare(const Record &stored, const Record &incoming) {
  RecordDifferences differences;
  for (int32_t i = 0; i < kRecordColumnCount; i++) {
    const auto column = static_cast<size_t>(i);
    if (stored[column] != incoming[column]) {
      (incoming[column].empty() ? differences.only_stored
       : stored[column].empty() ? differences.only_incoming
                                : differences.different) |= Only(static_cast<RecordColumn>(i));
    }
  }
  return differences;
}

// Records of one call, which agree in most columns.
Record RandomRecord(std::mt19937_64 &random) {
  const char *const states[] = {"RINGING",        "ALERTING",       "RING ACCEPTED",
                                "IN PROGRESS",    "COMPLETED",      "RING REJECTED",
                                "RING NO ANSWER", "RING CANCELLED", "ALERT CANCELLED"};
  Record record;
  const uint64_t variety = random() % 3;
  for (std::string &value : record) {
    const uint64_t kind = random() % 12;
    value = kind > variety ? "a" : kind == 0 ? "" : "b";
  }
  record[kUniqueCallID] = random() % 20 == 0 ? "other" : "same";
  record[kJoinTime] = random() % 20 == 0 ? "other" : "same";
  record[kTenantName] = random() % 3 == 0 ? "renamed" : "tenant";
  record[kCallState] = states[random() % 2 == 0 ? random() % 9 : 3 + random() % 2];
  record[kLeaveTime] = random() % 2 == 0 ? "" : random() % 4 == 0 ? "earlier" : "later";
  return record;
}

void Apply(const MergeDecision &decision, const Record &incoming, Record *stored) {
  for (int32_t i = 0; i < kRecordColumnCount; i++) {
    if ((decision.columns & Only(static_cast<RecordColumn>(i))) != 0) {
      (*stored)[static_cast<size_t>(i)] = incoming[static_cast<size_t>(i)];
    }
  }
}

// What an update may not do to a stored record.
void ExpectNothingLost(const Record &before, const Record &after) {
  ASSERT_GE(CallProgress(after[kCallState]), CallProgress(before[kCallState]));
  for (const RecordColumn column : {kTenantName, kUniqueCallID, kJoinTime}) {
    ASSERT_EQ(after[column], before[column]);
  }
  for (size_t i = 0; i < before.size(); i++) {
    if (i == kLeaveTime || !StageOf(before).IsOpen()) {
      ASSERT_TRUE(before[i].empty() || after[i] == before[i]) << "column " << i;
    }
    if (StageOf(after).IsOpen()) {
      ASSERT_TRUE(before[i].empty() || !after[i].empty()) << "column " << i;
    }
  }
}

// An update is decided once only, never takes a call back, rewrites nothing of a complete record,
// and leaves a complete record as the incoming one when that completed it.
TEST(DecideMerge, RandomRecords) {
  std::mt19937_64 random(65000);
  int updates = 0;
  for (int round = 0; round < 300000; round++) {
    Record stored = RandomRecord(random);
    const Record incoming = RandomRecord(random);
    const RecordDifferences differences = Compare(stored, incoming);
    const ColumnSet all =
        differences.different | differences.only_stored | differences.only_incoming;
    const MergeDecision decision = DecideMerge(StageOf(stored), StageOf(incoming), differences);
    ASSERT_EQ(decision.columns & ~all, 0u);
    ASSERT_EQ(decision.columns == 0, decision.verdict == MergeVerdict::kUnchanged);
    if (decision.verdict != MergeVerdict::kUpdate) {
      continue;
    }
    updates++;
    const Record before = stored;
    Apply(decision, incoming, &stored);
    ExpectNothingLost(before, stored);
    const MergeDecision again =
        DecideMerge(StageOf(stored), StageOf(incoming), Compare(stored, incoming));
    ASSERT_EQ(again.verdict, MergeVerdict::kUnchanged);
    ASSERT_EQ(again.names_another_tenant, decision.names_another_tenant);
    if (HasFatalFailure()) {
      return;
    }
  }
  EXPECT_GT(updates, 30000);
}

// The stored record itself, coming in once more, changes nothing.
TEST(DecideMerge, TheSameRecordChangesNothing) {
  std::mt19937_64 random(65001);
  for (int round = 0; round < 1000; round++) {
    const Record record = RandomRecord(random);
    ExpectDecision(DecideMerge(StageOf(record), StageOf(record), Compare(record, record)),
                   {kSame, 0}, record[kCallState]);
  }
}

}  // namespace
}  // namespace vidyo_cdr
