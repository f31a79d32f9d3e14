// A record on its way into ConferenceCall2.
#pragma once

#include "base/postgres.hpp"
#include "core/record_conversion.hpp"
#include "core/record_merge.hpp"

namespace vidyo_cdr {

// A record's values as PostgreSQL holds them. Coded fields are texts.
struct ImportRecord {
  Datum values[kRecordColumnCount];
  bool nulls[kRecordColumnCount];
  int64_t line;               // where the record starts; 0 for a feed
  std::string_view raw_text;  // as it came in
  bool is_ambiguous;

  int64_t CallId() const { return DatumGetInt64(values[kCallID]); }
  CallStage Stage() const;
};

// The condition that tells an open call in a query, as the index of open calls has it: literals.
// palloc'ed.
char *OpenCallCondition();

// The names of columns with commas between them, each in the given form, in the current memory
// context.
char *ColumnList(ColumnSet columns, const char *form = "%1$s");

// The columns of ConferenceCall2 by their base types, for records in memory.
TupleDesc ImportRecordColumns();

// Reads an IP address, or returns false when the text is none.
bool ReadAddress(std::string_view text, Datum *address);

// Copies values, and the address that was read, into a record in the current memory context.
ImportRecord *MakeImportRecord(const RecordValues &values, Datum address);

// Compares a stored record with an incoming one in the given columns.
RecordDifferences CompareRecords(const ImportRecord &stored, const ImportRecord &incoming,
                                 ColumnSet columns);

}  // namespace vidyo_cdr
