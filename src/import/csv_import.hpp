// Importing a CSV file.
#pragma once

#include "base/postgres.hpp"
#include "import/csv_input.hpp"
#include "import/log.hpp"

namespace vidyo_cdr {

struct CsvImportRequest {
  const char *kind;    // text or file, as cdr_import tells it
  const char *source;  // nullptr: none
  pg_tz *zone;         // for times without an offset
  const char *zone_name;
  const char *profile;
  bool is_guarded;  // the texts have a spreadsheet's guards
};

struct CsvImportResult {
  int64_t import_id;
  ImportCounts counts;
};

// Imports a file into the extension's tables, inside SPI.
CsvImportResult ImportCsv(const CsvImportRequest &request, CsvInput &input);

}  // namespace vidyo_cdr
