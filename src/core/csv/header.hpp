// Finds the columns of ConferenceCall2 in a CSV file's header, by name.
#pragma once

#include <cstdint>

#include "core/csv/reader.hpp"
#include "core/columns.hpp"

namespace vidyo_cdr {

// The most fields that a record of a file may have.
inline constexpr int kMaxCsvFields = 1000;

// In place of a column's number: the file has a field that ConferenceCall2 has not.
inline constexpr int kUnknownColumn = -1;

// What a header lacks, in the order in which it should be complained of.
enum class CsvHeaderFault {
  kNone,
  kNoHeader,       // no field is a known column, so this is no header
  kColumnTwice,    // see twice
  kColumnMissing,  // see missing
};

struct CsvHeader {
  CsvHeaderFault fault;
  ColumnSet given;
  ColumnSet twice;    // those given more than once
  ColumnSet missing;  // the required ones that are not given
};

// Maps the header's fields to columns: columns[i] becomes the number of field i's column in
// kColumns, or kUnknownColumn. Names match without regard to case and to blanks around them,
// and in the portal's other spellings too.
// fields, columns: field_count of each, 0 to kMaxCsvFields.
CsvHeader MapCsvHeader(const CsvField *fields, int field_count, int *columns) noexcept;

}  // namespace vidyo_cdr
