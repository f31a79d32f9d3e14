// From records to calls: which records count in usage figures, and from when to when.
#pragma once

#include <type_traits>

#include "base/postgres.hpp"
#include "core/columns.hpp"
#include "core/usage/sweep.hpp"

namespace vidyo_cdr {

// What all figures of a statement agree on.
struct CallRules {
  TimestampTz now;
  TimestampTz open_since;  // open calls that joined earlier are taken for dead
  bool counts_type[256];   // of the codes of EndpointType
};

// The rules for these endpoint types, nullptr for all, and for now.
CallRules RulesFor(ArrayType *endpoint_types);

// Reads calls off records of some columns.
class CallReader {
 public:
  CallReader(const CallRules &rules, ColumnSet columns);

  // The columns that calls are read from; those of meetings and callers only if they are needed.
  static ColumnSet ColumnsOf(bool needs_meetings, bool needs_callers);

  // Raises 42804 unless the records have the columns' types.
  void CheckColumns(TupleDesc records) const;

  // Makes a call of the record. Returns whether it counts. Texts are in the record, or palloc'ed if
  // they must be unpacked.
  bool Read(TupleTableSlot *record, Call *call) const;

  // The value of one of the columns.
  Datum Value(TupleTableSlot *record, int32_t column, bool *is_null) const {
    return slot_getattr(record, places_[column], is_null);
  }

  // The text of a column that has one.
  std::string_view Text(TupleTableSlot *record, int32_t column) const;

 private:
  void ReadEnd(TupleTableSlot *record, bool is_in_progress, Call *call) const;

  CallRules rules_;
  ColumnSet columns_;
  bool has_callers_;
  AttrNumber places_[kRecordColumnCount];  // of the columns in a record
};
static_assert(std::is_trivially_destructible_v<CallReader>);

}  // namespace vidyo_cdr
