// The forms in which export_cdr_csv writes a file.
#pragma once

#include <string_view>

#include "pg_headers.hpp"
#include "record_writer.hpp"

namespace vidyo_cdr {

struct CsvProfile {
  RecordStyle style;
  std::string_view file_begin;  // bytes before the header
};

// The profile of that name with that delimiter:
//   raw          what COPY writes;
//   portal       what the portal writes: times without offset in the session's zone, NULL and ''
//                both empty;
//   spreadsheet  the portal's times, with NULL and '' told apart as COPY does, a UTF-8 byte order
//                mark and CRLF, and guarded against formulas and changed values
//                (core/spreadsheet_guard.hpp); only where server and client use UTF8.
// Raises 22023 for an unknown profile or delimiter, and for another encoding.
CsvProfile FindCsvProfile(const char *name, const char *delimiter);

}  // namespace vidyo_cdr
