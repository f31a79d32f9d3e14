// Converting records: what an empty field becomes column by column, every fault, and which reading
// of an hour that occurs twice is taken.
#include "core/record_conversion.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "core/time/reader.hpp"
#include "fake_zones.hpp"

namespace vidyo_cdr {
namespace {

constexpr int64_t kMicroseconds = 1000000;

// A record without fault, in New York's summer of 2026.
RecordText GoodRecord() {
  RecordText record;
  for (int32_t i = 0; i < kRecordColumnCount; i++) {
    record.fields[i].text = "text";
  }
  record.fields[kCallID].text = "42";
  record.fields[kConferenceType].text = "IC";
  record.fields[kEndpointType].text = "D";
  record.fields[kJoinTime].text = "2026-07-01 12:00:00";
  record.fields[kLeaveTime].text = "2026-07-01 12:30:00";
  record.fields[kCallState].text = "COMPLETED";
  record.fields[kDirection].text = "I";
  record.fields[kEndpointPublicIPAddress].text = "192.0.2.1";
  record.fields[kAccessType].text = "U";
  record.fields[kRoomType].text = "P";
  record.fields[kCallCompletionCode].text = "1";
  return record;
}

// Converts in New York, from values that hold rubbish.
ConversionFault Convert(const RecordText &record, RecordValues *values) {
  FakeZone zone = NewYork();
  WallClock clock(FakeZone::FindFromHere, &zone);
  std::memset(values->is_null, 1, sizeof values->is_null);
  values->call_id = -7;
  values->join_time = -7;
  values->leave_time = -7;
  values->completion_code = -7;
  values->times_without_offset = -7;
  values->is_ambiguous = true;
  return ConvertRecord(record, &clock, values);
}

RecordText With(RecordColumn column, const char *text, bool is_quoted = false) {
  RecordText record = GoodRecord();
  record.fields[column] = {text, is_quoted};
  return record;
}

void ExpectFault(const RecordText &record, FieldFault fault, RecordColumn column) {
  RecordValues values;
  const ConversionFault found = Convert(record, &values);
  const std::string text(record.fields[column].text);
  EXPECT_EQ(found.fault, fault) << column << ": " << text;
  EXPECT_EQ(found.column, column) << text;
  EXPECT_EQ(values.call_id, column == kCallID ? 0 : 42) << text;
}

RecordValues Converted(const RecordText &record) {
  RecordValues values;
  const ConversionFault found = Convert(record, &values);
  EXPECT_EQ(found.fault, FieldFault::kNone) << found.column;
  return values;
}

int64_t Moment(const std::string &text) {
  WrittenTime time;
  EXPECT_TRUE(ReadTime(text, &time) && time.has_offset) << text;
  return time.seconds * kMicroseconds + time.microseconds;
}

bool HasText(RecordColumn column) {
  return column != kCallID && column != kJoinTime && column != kLeaveTime;
}

TEST(ConvertRecord, EveryColumn) {
  const RecordText record = GoodRecord();
  const RecordValues values = Converted(record);
  EXPECT_EQ(values.call_id, 42);
  EXPECT_EQ(values.join_time, Moment("2026-07-01 16:00:00Z"));
  EXPECT_EQ(values.leave_time, Moment("2026-07-01 16:30:00Z"));
  EXPECT_EQ(values.completion_code, 1);
  EXPECT_EQ(values.times_without_offset, 2);
  EXPECT_FALSE(values.is_ambiguous);
  for (int32_t i = 0; i < kRecordColumnCount; i++) {
    EXPECT_FALSE(values.is_null[i]) << i;
    if (HasText(static_cast<RecordColumn>(i))) {
      EXPECT_EQ(values.texts[i], record.fields[i].text) << i;
    }
  }
}

// What an empty field becomes, when it is bare and when it is quoted.
enum class Empty { kFault, kNull, kText, kZero };

struct EmptyRule {
  Empty bare;
  Empty quoted;
  std::vector<RecordColumn> columns;
};

const std::vector<EmptyRule> &EmptyRules() {
  static const std::vector<EmptyRule> rules = {
      {Empty::kFault,
       Empty::kFault,
       {kCallID, kConferenceType, kEndpointType, kJoinTime, kCallState, kDirection}},
      {Empty::kNull,
       Empty::kNull,
       {kLeaveTime, kGwPrefix, kGwID, kEndpointPublicIPAddress, kAccessType, kRoomType}},
      {Empty::kNull,
       Empty::kText,
       {kCallerName, kRouterID, kReferenceNumber, kApplicationName, kApplicationVersion,
        kDeviceModel, kApplicationOS, kExtension}},
      {Empty::kText,
       Empty::kText,
       {kUniqueCallID, kConferenceName, kTenantName, kCallerID, kRoomOwner, kEndpointGUID}},
      {Empty::kZero, Empty::kZero, {kCallCompletionCode}},
  };
  return rules;
}

void ExpectEmpty(Empty rule, RecordColumn column, const RecordText &record) {
  if (rule == Empty::kFault) {
    ExpectFault(record, FieldFault::kEmpty, column);
    return;
  }
  const RecordValues values = Converted(record);
  EXPECT_EQ(values.is_null[column], rule == Empty::kNull) << column;
  if (HasText(column)) {
    EXPECT_EQ(values.texts[column], rule == Empty::kZero ? "0" : "") << column;
  }
  EXPECT_EQ(values.completion_code, rule == Empty::kZero ? 0 : 1) << column;
}

TEST(ConvertRecord, EmptyFieldsByColumn) {
  ColumnSet seen = 0;
  for (const EmptyRule &rule : EmptyRules()) {
    for (const RecordColumn column : rule.columns) {
      ExpectEmpty(rule.bare, column, With(column, "", false));
      ExpectEmpty(rule.quoted, column, With(column, "", true));
      seen |= Only(column);
    }
  }
  EXPECT_EQ(seen, (ColumnSet{1} << kRecordColumnCount) - 1);
}

// Blanks alone are nothing where blanks around do not count.
TEST(ConvertRecord, OnlyBlanks) {
  for (const RecordColumn column :
       {kCallID, kConferenceType, kEndpointType, kJoinTime, kCallState, kDirection}) {
    ExpectFault(With(column, "   "), FieldFault::kEmpty, column);
  }
  for (const RecordColumn column : {kLeaveTime, kEndpointPublicIPAddress, kAccessType, kRoomType}) {
    EXPECT_TRUE(Converted(With(column, "   ")).is_null[column]) << column;
  }
  EXPECT_EQ(Converted(With(kCallCompletionCode, "   ")).completion_code, 0);
}

TEST(ConvertRecord, BlanksAroundNumbersTimesCodesAndAddresses) {
  EXPECT_EQ(Converted(With(kCallID, " 42 ")).call_id, 42);
  EXPECT_EQ(Converted(With(kJoinTime, "  2026-07-01 12:00:00 ")).join_time,
            Moment("2026-07-01 16:00:00Z"));
  EXPECT_EQ(Converted(With(kLeaveTime, " 2026-07-01 12:00:00  ")).leave_time,
            Moment("2026-07-01 16:00:00Z"));
  EXPECT_EQ(Converted(With(kCallState, "  in progress ")).texts[kCallState], "IN PROGRESS");
  EXPECT_EQ(Converted(With(kCallCompletionCode, " 3 ")).completion_code, 3);
  EXPECT_EQ(
      Converted(With(kEndpointPublicIPAddress, " 2001:db8::1 ")).texts[kEndpointPublicIPAddress],
      "2001:db8::1");
  ExpectFault(With(kDirection, "\tI"), FieldFault::kUnknownCode, kDirection);
  ExpectFault(With(kCallID, "42\n"), FieldFault::kNoNumber, kCallID);
}

TEST(ConvertRecord, TextStaysAsItIs) {
  for (int32_t i = kUniqueCallID; i < kRecordColumnCount; i++) {
    const auto column = static_cast<RecordColumn>(i);
    for (const EmptyRule &rule : EmptyRules()) {
      for (const RecordColumn text_column : rule.columns) {
        if (text_column == column &&
            (rule.quoted == Empty::kText || column == kGwPrefix || column == kGwID)) {
          const RecordValues values = Converted(With(column, "  a\r\n\"b\" \xff "));
          EXPECT_FALSE(values.is_null[column]) << column;
          EXPECT_EQ(values.texts[column], "  a\r\n\"b\" \xff ") << column;
          EXPECT_EQ(Converted(With(column, " ")).texts[column], " ") << column;
        }
      }
    }
  }
}

TEST(ConvertRecord, CallIds) {
  EXPECT_EQ(Converted(With(kCallID, "0")).call_id, 0);
  EXPECT_EQ(Converted(With(kCallID, "0042")).call_id, 42);
  EXPECT_EQ(Converted(With(kCallID, "-42")).call_id, -42);
  EXPECT_EQ(Converted(With(kCallID, "9223372036854775806")).call_id, INT64_MAX - 1);
  ExpectFault(With(kCallID, "9223372036854775807"), FieldFault::kHighestNumber, kCallID);
  EXPECT_EQ(Converted(With(kCallID, "-9223372036854775808")).call_id, INT64_MIN);
  for (const char *text :
       {"x", "42x", "x42", "4 2", "42.0", "4e1", "0x2a", "+42", "-", "--42", "9223372036854775808",
        "-9223372036854775809", "1,000", "99999999999999999999999999"}) {
    ExpectFault(With(kCallID, text), FieldFault::kNoNumber, kCallID);
  }
}

struct CodedText {
  RecordColumn column;
  const char *text;
  const char *stored;
};

TEST(ConvertRecord, CodesInAnyCaseAsStored) {
  for (const CodedText &row :
       std::vector<CodedText>{{kConferenceType, "id", "ID"},
                              {kConferenceType, "iC", "IC"},
                              {kEndpointType, "g", "G"},
                              {kCallState, "Ring No Answer", "RING NO ANSWER"},
                              {kCallState, "completed", "COMPLETED"},
                              {kDirection, "o", "O"},
                              {kAccessType, "r", "R"},
                              {kRoomType, "s", "S"}}) {
    const RecordValues values = Converted(With(row.column, row.text));
    EXPECT_EQ(values.texts[row.column], row.stored);
    EXPECT_FALSE(values.is_null[row.column]) << row.text;
  }
  for (const char *code : {"0", "1", "2", "3"}) {
    EXPECT_EQ(Converted(With(kCallCompletionCode, code)).completion_code, code[0] - '0');
  }
}

TEST(ConvertRecord, UnknownCodes) {
  for (const RecordColumn column : {kConferenceType, kEndpointType, kCallState, kDirection,
                                    kAccessType, kRoomType, kCallCompletionCode}) {
    for (const char *text : {"x", "XY", "4", "01", "NULL", "RING  ACCEPTED", "\xc4\xb1"}) {
      ExpectFault(With(column, text), FieldFault::kUnknownCode, column);
    }
  }
}

TEST(ConvertRecord, FaultsOfTimes) {
  for (const RecordColumn column : {kJoinTime, kLeaveTime}) {
    for (const char *text : {"yesterday", "0000-00-00 00:00:00", "2026-07-01", "infinity",
                             "2026-02-29 12:00:00", "2026-07-01 12:00:00 EST"}) {
      ExpectFault(With(column, text), FieldFault::kNoTime, column);
    }
    for (const char *text : {"07/01/2026 12:00:00", "01.07.2026 12:00:00",
                             "Wed Jul 01 12:00:00 2026", " 07/01/2026 12:00:00 EDT "}) {
      ExpectFault(With(column, text), FieldFault::kOtherDateStyle, column);
    }
    for (const char *text : {"2026-03-08 02:00:00", "2026-03-08 02:59:59.999999"}) {
      ExpectFault(With(column, text), FieldFault::kTimeSkipped, column);
    }
  }
}

// The first and the last moment that PostgreSQL stores, and those beside them; in New York they are
// five hours earlier by the clock. The column that is named is the one at fault.
TEST(ConvertRecord, RangeOfTimes) {
  RecordText record = GoodRecord();
  record.fields[kJoinTime].text = "4714-11-23 19:00:00 BC";
  record.fields[kLeaveTime].text = "294276-12-31 18:59:59.999999";
  const RecordValues values = Converted(record);
  EXPECT_EQ(values.join_time, kFirstMoment);
  EXPECT_EQ(values.leave_time, kMomentsEnd - 1);
  record.fields[kJoinTime].text = "4714-11-24 00:00:00+00 BC";
  record.fields[kLeaveTime].text = "294276-12-31 23:59:59.999999+00";
  EXPECT_EQ(Converted(record).join_time, kFirstMoment);
  EXPECT_EQ(Converted(record).leave_time, kMomentsEnd - 1);

  for (const RecordColumn column : {kJoinTime, kLeaveTime}) {
    for (const char *text :
         {"4714-11-23 18:59:59.999999 BC", "4714-11-23 23:59:59.999999Z BC",
          "294276-12-31 19:00:00", "294277-01-01 00:00:00+00", "999999-12-31 23:59:59",
          "294276-12-31 23:59:59-00:00:01", "999999-01-01 00:00:00 BC"}) {
      ExpectFault(With(column, text), FieldFault::kTimeOutOfRange, column);
    }
  }
}

TEST(ConvertRecord, LeavesBeforeJoins) {
  ExpectFault(With(kLeaveTime, "2026-07-01 11:59:59"), FieldFault::kLeavesBeforeJoins, kLeaveTime);
  ExpectFault(With(kLeaveTime, "2026-07-01 11:59:59.999999"), FieldFault::kLeavesBeforeJoins,
              kLeaveTime);
  ExpectFault(With(kLeaveTime, "2026-07-01 17:59:59+02"), FieldFault::kLeavesBeforeJoins,
              kLeaveTime);
  RecordText record = With(kJoinTime, "2026-07-01 12:00:00.000002");
  record.fields[kLeaveTime].text = "2026-07-01 12:00:00.000001";
  ExpectFault(record, FieldFault::kLeavesBeforeJoins, kLeaveTime);
  record.fields[kLeaveTime].text = "2026-07-01 12:00:00.000002";
  EXPECT_EQ(Converted(record).leave_time, Converted(record).join_time);
}

// With every field at fault, and then all but the first, and so on.
TEST(ConvertRecord, FirstFaultInTheOrderOfTheColumns) {
  struct Faulty {
    RecordColumn column;
    const char *text;
    FieldFault fault;
  };
  const std::vector<Faulty> faults = {
      {kCallID, "x", FieldFault::kNoNumber},
      {kConferenceType, "", FieldFault::kEmpty},
      {kEndpointType, "x", FieldFault::kUnknownCode},
      {kJoinTime, "294277-01-01 00:00:00", FieldFault::kTimeOutOfRange},
      {kLeaveTime, "x", FieldFault::kNoTime},
      {kCallState, "x", FieldFault::kUnknownCode},
      {kDirection, "", FieldFault::kEmpty},
      {kAccessType, "x", FieldFault::kUnknownCode},
      {kRoomType, "x", FieldFault::kUnknownCode},
      {kCallCompletionCode, "x", FieldFault::kUnknownCode},
  };
  RecordText record = GoodRecord();
  for (const Faulty &faulty : faults) {
    record.fields[faulty.column].text = faulty.text;
  }
  const RecordText good = GoodRecord();
  for (const Faulty &faulty : faults) {
    ExpectFault(record, faulty.fault, faulty.column);
    record.fields[faulty.column] = good.fields[faulty.column];
  }
  EXPECT_EQ(Converted(record).call_id, 42);
}

// New York repeats 1 November 2026, 01:00 to 02:00: first as 05:00 UTC, then as 06:00.
struct TwoTimes {
  const char *join;
  const char *leave;
  const char *join_moment;
  const char *leave_moment;  // empty for NULL
  bool is_ambiguous;
  int32_t times_without_offset;
};

const std::vector<TwoTimes> &RepeatedHour() {
  static const std::vector<TwoTimes> rows = {
      // An open call.
      {"2026-11-01 01:30:00", "", "2026-11-01 05:30:00Z", "", true, 1},
      {"2026-11-01 00:59:59", "", "2026-11-01 04:59:59Z", "", false, 1},
      {"2026-11-01 02:00:00", "", "2026-11-01 07:00:00Z", "", false, 1},
      {"2026-11-01 01:30:00-05", "", "2026-11-01 06:30:00Z", "", false, 0},
      // One of the two is in the repeated hour.
      {"2026-11-01 00:30:00", "2026-11-01 01:10:00", "2026-11-01 04:30:00Z", "2026-11-01 05:10:00Z",
       true, 2},
      {"2026-11-01 01:30:00", "2026-11-01 03:00:00", "2026-11-01 05:30:00Z", "2026-11-01 08:00:00Z",
       true, 2},
      // Both are.
      {"2026-11-01 01:10:00", "2026-11-01 01:50:00", "2026-11-01 05:10:00Z", "2026-11-01 05:50:00Z",
       true, 2},
      {"2026-11-01 01:30:00", "2026-11-01 01:30:00", "2026-11-01 05:30:00Z", "2026-11-01 05:30:00Z",
       true, 2},
      {"2026-11-01 01:50:00", "2026-11-01 01:10:00", "2026-11-01 05:50:00Z", "2026-11-01 06:10:00Z",
       false, 2},
      {"2026-11-01 01:30:00.000002", "2026-11-01 01:30:00.000001", "2026-11-01 05:30:00.000002Z",
       "2026-11-01 06:30:00.000001Z", false, 2},
      // One has an offset.
      {"2026-11-01 01:30:00-05", "2026-11-01 01:40:00", "2026-11-01 06:30:00Z",
       "2026-11-01 06:40:00Z", false, 1},
      {"2026-11-01 01:30:00-04", "2026-11-01 01:40:00", "2026-11-01 05:30:00Z",
       "2026-11-01 05:40:00Z", true, 1},
      {"2026-11-01 01:30:00", "2026-11-01 01:40:00-04", "2026-11-01 05:30:00Z",
       "2026-11-01 05:40:00Z", false, 1},
      {"2026-11-01 01:30:00", "2026-11-01 01:40:00-05", "2026-11-01 05:30:00Z",
       "2026-11-01 06:40:00Z", true, 1},
      // Both have.
      {"2026-11-01 01:30:00-05", "2026-11-01 01:40:00-05", "2026-11-01 06:30:00Z",
       "2026-11-01 06:40:00Z", false, 0},
  };
  return rows;
}

TEST(ConvertRecord, RepeatedHour) {
  for (const TwoTimes &row : RepeatedHour()) {
    RecordText record = With(kJoinTime, row.join);
    record.fields[kLeaveTime].text = row.leave;
    const RecordValues values = Converted(record);
    const std::string what = std::string(row.join) + " to " + row.leave;
    EXPECT_EQ(values.join_time, Moment(row.join_moment)) << what;
    EXPECT_EQ(values.is_null[kLeaveTime], row.leave_moment[0] == '\0') << what;
    if (row.leave_moment[0] != '\0') {
      EXPECT_EQ(values.leave_time, Moment(row.leave_moment)) << what;
    }
    EXPECT_EQ(values.is_ambiguous, row.is_ambiguous) << what;
    EXPECT_EQ(values.times_without_offset, row.times_without_offset) << what;
  }
}

// No reading of either time fits.
TEST(ConvertRecord, RepeatedHourWithoutAFit) {
  RecordText record = With(kJoinTime, "2026-11-01 01:30:00");
  record.fields[kLeaveTime].text = "2026-11-01 00:59:59";
  ExpectFault(record, FieldFault::kLeavesBeforeJoins, kLeaveTime);
  record.fields[kJoinTime].text = "2026-11-01 02:00:00";
  record.fields[kLeaveTime].text = "2026-11-01 01:59:59";
  ExpectFault(record, FieldFault::kLeavesBeforeJoins, kLeaveTime);
  record.fields[kJoinTime].text = "2026-11-01 01:30:00-05";
  record.fields[kLeaveTime].text = "2026-11-01 01:29:59";
  ExpectFault(record, FieldFault::kLeavesBeforeJoins, kLeaveTime);
}

}  // namespace
}  // namespace vidyo_cdr
