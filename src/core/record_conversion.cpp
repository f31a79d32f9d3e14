// Converting field by field.
#include "core/record_conversion.hpp"

#include <charconv>
#include <limits>

#include "core/no_postgres.hpp"
#include "core/record_code.hpp"
#include "core/time/reader.hpp"

namespace vidyo_cdr {

namespace {

constexpr int64_t kMicroseconds = 1000000;  // in a second

std::string_view Trimmed(std::string_view text) noexcept {
  while (!text.empty() && text.front() == ' ') {
    text.remove_prefix(1);
  }
  while (!text.empty() && text.back() == ' ') {
    text.remove_suffix(1);
  }
  return text;
}

// Reads a whole number.
bool ReadCallId(std::string_view text, int64_t *call_id) noexcept {
  const char *end = text.data() + text.size();
  const auto [rest, status] = std::from_chars(text.data(), end, *call_id);
  return status == std::errc() && rest == end;
}

// Converts a column other than CallID and the times, whose field holds `text` without blanks
// around.
FieldFault ConvertField(RecordColumn column, const FieldText &field, std::string_view text,
                        RecordValues *values) noexcept {
  bool *is_null = &values->is_null[column];
  std::string_view *value = &values->texts[column];
  *value = field.text;
  *is_null = false;
  switch (kColumns[column].rule) {
    case ConversionRule::kNullableText:
      *is_null = field.text.empty() && !field.is_quoted;
      return FieldFault::kNone;
    case ConversionRule::kTextOrNull:
      *value = column == kEndpointPublicIPAddress ? text : field.text;
      *is_null = value->empty();
      return FieldFault::kNone;
    case ConversionRule::kCode:
    case ConversionRule::kCodeOrNull:
      *is_null = text.empty();
      if (text.empty()) {
        return kColumns[column].rule == ConversionRule::kCode ? FieldFault::kEmpty
                                                              : FieldFault::kNone;
      }
      *value = FindCode(column, text);
      return value->empty() ? FieldFault::kUnknownCode : FieldFault::kNone;
    case ConversionRule::kCompletionCode:
      *value = FindCode(column, text.empty() ? "0" : text);
      if (value->empty()) {
        return FieldFault::kUnknownCode;
      }
      values->completion_code = static_cast<int16_t>(value->front() - '0');
      return FieldFault::kNone;
    default:
      return FieldFault::kNone;
  }
}

// A time and the moments that it may mean, in seconds.
struct TimeReadings {
  Readings readings;
  int32_t microseconds = 0;
};

// Whether PostgreSQL can store a moment, given in seconds.
bool IsInRange(int64_t utc_seconds) noexcept {
  return utc_seconds >= kFirstMoment / kMicroseconds && utc_seconds < kMomentsEnd / kMicroseconds;
}

// Reads a time that is not empty.
FieldFault FindReadings(std::string_view text, WallClock *clock, TimeReadings *time,
                        RecordValues *values) noexcept {
  WrittenTime written;
  if (!ReadTime(text, &written)) {
    return IsOtherDateStyle(text) ? FieldFault::kOtherDateStyle : FieldFault::kNoTime;
  }
  time->microseconds = written.microseconds;
  time->readings = {1, {written.seconds, 0}};
  if (!written.has_offset) {
    values->times_without_offset++;
    time->readings = clock->Find(written.seconds);
  }
  for (int32_t i = 0; i < time->readings.count; i++) {
    if (!IsInRange(time->readings.utc_seconds[i])) {
      return FieldFault::kTimeOutOfRange;
    }
  }
  return time->readings.count == 0 ? FieldFault::kTimeSkipped : FieldFault::kNone;
}

// The moment of a reading in microseconds.
int64_t MomentOf(const TimeReadings &time, int32_t reading) noexcept {
  return time.readings.utc_seconds[reading] * kMicroseconds + time.microseconds;
}

// Chooses the readings of JoinTime and LeaveTime: the earliest that fit together.
FieldFault ChooseReadings(const TimeReadings &join, const TimeReadings &leave,
                          RecordValues *values) noexcept {
  int32_t fitting = 0;
  for (int32_t i = 0; i < join.readings.count; i++) {
    const int64_t join_time = MomentOf(join, i);
    for (int32_t j = 0; j < leave.readings.count; j++) {
      const int64_t leave_time = MomentOf(leave, j);
      if (leave_time >= join_time && fitting++ == 0) {
        values->join_time = join_time;
        values->leave_time = leave_time;
      }
    }
    if (values->is_null[kLeaveTime] && fitting++ == 0) {
      values->join_time = join_time;
    }
  }
  values->is_ambiguous = fitting > 1;
  return fitting == 0 ? FieldFault::kLeavesBeforeJoins : FieldFault::kNone;
}

// Converts JoinTime and LeaveTime, whose readings may depend on each other.
ConversionFault ConvertTimes(const RecordText &record, WallClock *clock,
                             RecordValues *values) noexcept {
  const std::string_view join_text = Trimmed(record.fields[kJoinTime].text);
  const std::string_view leave_text = Trimmed(record.fields[kLeaveTime].text);
  values->is_null[kJoinTime] = false;
  values->is_null[kLeaveTime] = leave_text.empty();
  if (join_text.empty()) {
    return {FieldFault::kEmpty, kJoinTime};
  }
  TimeReadings join;
  TimeReadings leave;
  FieldFault fault = FindReadings(join_text, clock, &join, values);
  if (fault != FieldFault::kNone) {
    return {fault, kJoinTime};
  }
  if (!leave_text.empty()) {
    fault = FindReadings(leave_text, clock, &leave, values);
    if (fault != FieldFault::kNone) {
      return {fault, kLeaveTime};
    }
  }
  return {ChooseReadings(join, leave, values), kLeaveTime};
}

}  // namespace

ConversionFault ConvertRecord(const RecordText &record, WallClock *clock,
                              RecordValues *values) noexcept {
  values->times_without_offset = 0;
  values->is_ambiguous = false;
  values->is_null[kCallID] = false;
  values->call_id = 0;
  const std::string_view call_id = Trimmed(record.fields[kCallID].text);
  if (!ReadCallId(call_id, &values->call_id)) {
    values->call_id = 0;
    return {call_id.empty() ? FieldFault::kEmpty : FieldFault::kNoNumber, kCallID};
  }
  if (values->call_id == std::numeric_limits<int64_t>::max()) {
    values->call_id = 0;
    return {FieldFault::kHighestNumber, kCallID};
  }

  for (int32_t i = kUniqueCallID; i < kRecordColumnCount; i++) {
    const auto column = static_cast<RecordColumn>(i);
    ConversionFault fault;
    if (column == kJoinTime) {
      fault = ConvertTimes(record, clock, values);
    } else if (column != kLeaveTime) {
      const FieldText &field = record.fields[column];
      fault = {ConvertField(column, field, Trimmed(field.text), values), column};
    }
    if (fault.fault != FieldFault::kNone) {
      return fault;
    }
  }
  return {};
}

}  // namespace vidyo_cdr
