// Reading calls; see the header for what each function promises.
#include "usage/calls.hpp"

#include "base/values.hpp"
#include "records/column_check.hpp"
#include "usage/live.hpp"

namespace vidyo_cdr {

CallRules RulesFor(ArrayType *endpoint_types) {
  CallRules rules = {GetCurrentTransactionStartTimestamp(), OldestLiveJoin(), {}};
  if (endpoint_types == nullptr) {
    memset(rules.counts_type, true, sizeof rules.counts_type);
    return rules;
  }
  Datum *values;
  int count;
  deconstruct_array(endpoint_types, TEXTOID, -1, false, TYPALIGN_INT, &values, nullptr, &count);
  for (int i = 0; i < count; i++) {
    rules.counts_type[static_cast<uint8_t>(TextOf(values[i]).front())] = true;
  }
  return rules;
}

CallReader::CallReader(const CallRules &rules, ColumnSet columns)
    : rules_(rules),
      columns_(columns),
      has_callers_(HasColumn(columns, kTenantName) && HasColumn(columns, kCallerID)),
      places_() {
  AttrNumber place = 0;
  for (int32_t i = 0; i < kRecordColumnCount; i++) {
    if (HasColumn(columns, i)) {
      places_[i] = ++place;
    }
  }
}

ColumnSet CallReader::ColumnsOf(bool needs_meetings, bool needs_callers) {
  ColumnSet columns = Only(kJoinTime) | Only(kLeaveTime) | Only(kCallState) | Only(kEndpointType);
  columns |= needs_meetings ? Only(kUniqueCallID) : 0;
  columns |= needs_callers ? Only(kTenantName) | Only(kCallerID) : 0;
  return columns;
}

void CallReader::CheckColumns(TupleDesc records) const {
  for (int32_t i = 0; i < kRecordColumnCount; i++) {
    if (HasColumn(columns_, i)) {
      const Form_pg_attribute column = TupleDescAttr(records, places_[i] - 1);
      CheckBaseType(*column, StoredType(kColumns[i].type));
    }
  }
}

std::string_view CallReader::Text(TupleTableSlot *record, int32_t column) const {
  bool is_null;
  const Datum value = Value(record, column, &is_null);
  return is_null ? std::string_view() : TextOf(value);
}

// A call that is open, and not for so long that it is taken for dead, lasts until now; portals'
// clocks may run ahead. Other calls without a LeaveTime last for no time.
void CallReader::ReadEnd(TupleTableSlot *record, bool is_in_progress, Call *call) const {
  bool is_null;
  const Datum leave_time = Value(record, kLeaveTime, &is_null);
  if (!is_null) {
    call->end = DatumGetTimestampTz(leave_time);
    return;
  }
  const bool is_alive = is_in_progress && call->join >= rules_.open_since;
  call->end = is_alive && rules_.now > call->join ? rules_.now : call->join;
  call->is_open = is_alive;
  call->has_unknown_end = !is_alive;
}

bool CallReader::Read(TupleTableSlot *record, Call *call) const {
  const std::string_view state = Text(record, kCallState);
  const std::string_view endpoint_type = Text(record, kEndpointType);
  // A type that is not a single character is none of the portal's.
  if (endpoint_type.size() != 1 || !rules_.counts_type[static_cast<uint8_t>(endpoint_type[0])] ||
      state == "ALERTING" || state == "ALERT CANCELLED") {
    return false;
  }
  bool is_null;
  *call = {};
  call->join = DatumGetTimestampTz(Value(record, kJoinTime, &is_null));
  call->end = call->join;
  const bool is_in_progress = state == "IN PROGRESS";
  call->is_connected = is_in_progress || state == "COMPLETED";
  if (!call->is_connected) {
    return true;
  }
  call->is_legacy = endpoint_type == "L";
  ReadEnd(record, is_in_progress, call);
  if (HasColumn(columns_, kUniqueCallID)) {
    call->meeting = Text(record, kUniqueCallID);
  }
  if (has_callers_) {
    call->tenant = Text(record, kTenantName);
    call->caller = Text(record, kCallerID);
    if (call->caller == "Guest") {
      call->caller = {};
    }
  }
  return true;
}

}  // namespace vidyo_cdr
