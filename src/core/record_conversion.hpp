// From the fields of a portal's record, as text, to values for ConferenceCall2. Files and
// feeds both go through here, so that they give the same records.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/columns.hpp"
#include "core/time/wall_clock.hpp"

namespace vidyo_cdr {

// A field as it came in.
struct FieldText {
  std::string_view text;
  bool is_quoted = false;  // an empty quoted field is '', an empty bare one may be NULL
};

// The fields of a record by column; a column that the source lacks has an empty bare field.
struct RecordText {
  FieldText fields[kRecordColumnCount];
};

// The values of a record. Texts are views of the fields, codes of constants.
struct RecordValues {
  bool is_null[kRecordColumnCount];
  std::string_view texts[kRecordColumnCount];  // of text, coded and address columns
  int64_t call_id;
  int64_t join_time;   // microseconds since 2000-01-01 00:00 UTC
  int64_t leave_time;  // same, unless NULL
  int16_t completion_code;
  int32_t times_without_offset;  // how many of the times were read in the zone: 0 to 2
  bool is_ambiguous;             // a repeated hour left a choice
};

// What is wrong with a field.
enum class FieldFault {
  kNone,
  kEmpty,           // a required value is missing
  kNoNumber,        // CallID is no number, or too large
  kHighestNumber,   // CallID is the highest number, behind which no other record could be numbered
  kUnknownCode,     // not among the codes
  kNoTime,          // not of the form YYYY-MM-DD HH:MM:SS
  kOtherDateStyle,  // a time of another DateStyle, whose day and month are not certain
  kTimeSkipped,     // the zone's clocks never showed the time
  kTimeOutOfRange,  // beyond what PostgreSQL can store
  kLeavesBeforeJoins  // LeaveTime is before JoinTime
};

struct ConversionFault {
  FieldFault fault = FieldFault::kNone;
  RecordColumn column = kCallID;
};

// Converts a record; times without offset are read by the clock. In an hour that the clock shows
// twice, the reading is taken that keeps LeaveTime at or after JoinTime, and where several do, the
// earliest, which makes the record ambiguous. Returns the first fault in the order of the columns;
// with one, call_id is set all the same, or 0 when CallID is at fault. Addresses are not checked.
ConversionFault ConvertRecord(const RecordText &record, WallClock *clock,
                              RecordValues *values) noexcept;

}  // namespace vidyo_cdr
