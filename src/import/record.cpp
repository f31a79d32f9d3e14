// Values of records: making, reading and comparing them.
#include "import/record.hpp"

#include "base/values.hpp"
#include "core/columns.hpp"
#include "core/record_code.hpp"

namespace vidyo_cdr {

namespace {

// Whether a record has a value in the column: '' and "not available" are none.
bool HasValue(const ImportRecord &record, int32_t column) {
  if (record.nulls[column]) {
    return false;
  }
  if (column == kCallCompletionCode) {
    return DatumGetInt16(record.values[column]) != 0;
  }
  return StoredType(kColumns[column].type) != TEXTOID || !TextOf(record.values[column]).empty();
}

// Whether two values of a column are the same.
bool IsSameValue(int32_t column, Datum stored, Datum incoming) {
  switch (StoredType(kColumns[column].type)) {
    case TEXTOID:
      return TextOf(stored) == TextOf(incoming);
    case INETOID:
      return DatumGetBool(DirectFunctionCall2(network_eq, stored, incoming));
    default:
      return stored == incoming;
  }
}

}  // namespace

CallStage ImportRecord::Stage() const {
  // A stored record has no CallState where the table's owner lets it be NULL.
  return {nulls[kCallState] ? std::string_view() : TextOf(values[kCallState]), !nulls[kLeaveTime]};
}

char *OpenCallCondition() {
  StringInfoData condition;
  initStringInfo(&condition);
  appendStringInfoString(&condition,
                         "LeaveTime IS NULL"
                         " AND CallState::pg_catalog.text OPERATOR(pg_catalog.<>) ALL (ARRAY[");
  const char *comma = "";
  for (const char *state : kEndedCallStates) {
    appendStringInfo(&condition, "%s'%s'", comma, state);
    comma = ", ";
  }
  appendStringInfoString(&condition, "])");
  return condition.data;
}

char *ColumnList(ColumnSet columns, const char *form) {
  StringInfoData list;
  initStringInfo(&list);
  for (int32_t i = 0; i < kRecordColumnCount; i++) {
    if (HasColumn(columns, i)) {
      appendStringInfoString(&list, list.len > 0 ? ", " : "");
      appendStringInfo(&list, form, kColumns[i].name.data());
    }
  }
  return list.data;
}

TupleDesc ImportRecordColumns() {
  ColumnOfRows columns[kRecordColumnCount];
  for (int32_t i = 0; i < kRecordColumnCount; i++) {
    const std::string_view name = kColumns[i].name;
    columns[i] = {downcase_identifier(name.data(), static_cast<int>(name.size()), false, false),
                  StoredType(kColumns[i].type)};
  }
  return DescribeRows(columns);
}

bool ReadAddress(std::string_view text, Datum *address) {
  char *copy = pnstrdup(text.data(), text.size());
  const bool is_ipv6 = text.find(':') != std::string_view::npos;
  unsigned char bytes[16];
  // As inet's input function reads it, but without an error.
  const int bits = pg_inet_net_pton(is_ipv6 ? PGSQL_AF_INET6 : PGSQL_AF_INET, copy, bytes,
                                    static_cast<size_t>(-1));
  if (bits < 0 || bits > (is_ipv6 ? 128 : 32)) {
    return false;
  }
  *address = DirectFunctionCall1(inet_in, CStringGetDatum(copy));
  return true;
}

ImportRecord *MakeImportRecord(const RecordValues &values, Datum address) {
  auto *record = static_cast<ImportRecord *>(palloc0(sizeof(ImportRecord)));
  record->is_ambiguous = values.is_ambiguous;
  for (int32_t i = 0; i < kRecordColumnCount; i++) {
    record->nulls[i] = values.is_null[i];
    if (!values.is_null[i] && StoredType(kColumns[i].type) == TEXTOID) {
      record->values[i] = TextDatum(values.texts[i]);
    }
  }
  record->values[kCallID] = Int64GetDatum(values.call_id);
  record->values[kJoinTime] = TimestampTzGetDatum(values.join_time);
  record->values[kLeaveTime] = TimestampTzGetDatum(values.leave_time);
  if (!values.is_null[kEndpointPublicIPAddress]) {
    record->values[kEndpointPublicIPAddress] = datumCopy(address, false, -1);
  }
  record->values[kCallCompletionCode] = Int16GetDatum(values.completion_code);
  return record;
}

RecordDifferences CompareRecords(const ImportRecord &stored, const ImportRecord &incoming,
                                 ColumnSet columns) {
  RecordDifferences differences;
  for (int32_t i = 0; i < kRecordColumnCount; i++) {
    if (!HasColumn(columns, i)) {
      continue;
    }
    const ColumnSet column = Only(i);
    const bool is_stored = HasValue(stored, i);
    const bool is_incoming = HasValue(incoming, i);
    if (is_stored && is_incoming) {
      if (!IsSameValue(i, stored.values[i], incoming.values[i])) {
        differences.different |= column;
      }
    } else if (is_stored) {
      differences.only_stored |= column;
    } else if (is_incoming) {
      differences.only_incoming |= column;
    }
  }
  return differences;
}

}  // namespace vidyo_cdr
