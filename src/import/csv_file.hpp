// A CSV file while it is read: its header, then piece by piece.
#pragma once

#include <type_traits>

#include "base/postgres.hpp"
#include "core/columns.hpp"
#include "core/csv/header.hpp"
#include "core/csv/reader.hpp"
#include "import/csv_input.hpp"

namespace vidyo_cdr {

// A header and what follows from it.
struct HeaderLine {
  std::string_view raw_text;
  int field_count;
  int columns[kMaxCsvFields];  // of each field: its column, or kUnknownColumn
  ColumnSet given;
};

class CsvFile {
 public:
  // Begins a file, in the current memory context: reads enough of it to see its first line.
  explicit CsvFile(CsvInput &input);

  // What separates its fields.
  char Delimiter() const { return delimiter_; }

  // Reads the first record as the header, which all others must have as many fields as. Raises
  // 22P04 when it is none.
  const HeaderLine *ReadHeader();

  // Reads the next record or line. What it refers to is valid until the next call.
  CsvAnswer Next(CsvPiece *piece);

  // The fields of the record that was read last.
  const CsvField *Fields() const { return room_.fields; }

 private:
  CsvInput &input_;
  char delimiter_;
  CsvReader reader_;
  CsvRoom room_;
  size_t consumed_ = 0;
};
static_assert(std::is_trivially_destructible_v<CsvFile>);

}  // namespace vidyo_cdr
