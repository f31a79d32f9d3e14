// The forms in which export_cdr_csv writes a file, and imports read one.
#pragma once

#include <string_view>

#include "base/postgres.hpp"
#include "writing/record_writer.hpp"

namespace vidyo_cdr {

enum class CsvForm {
  // What COPY writes.
  kRaw,
  // What the portal writes: times without offset in the session's zone, NULL and '' both empty.
  kPortal,
  // The portal's times, with NULL and '' told apart as COPY does, a UTF-8 byte order mark and CRLF,
  // and guarded against formulas and changed values (core/spreadsheet_guard.hpp). It is written
  // only where server and client use UTF8.
  kSpreadsheet,
};

// The form that a profile's name stands for. Raises 22023 for an unknown one.
CsvForm FindCsvForm(const char *profile);

// How a file is written.
struct CsvProfile {
  RecordStyle style;
  std::string_view file_begin;  // bytes before the header
};

// The profile of that name with that delimiter. Raises 22023 for an unknown profile or delimiter,
// and for the spreadsheet's form without UTF8.
CsvProfile FindCsvProfile(const char *name, const char *delimiter);

}  // namespace vidyo_cdr
