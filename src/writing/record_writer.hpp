// Records as lines of CSV: knows the types of the columns and writes the common ones itself, all
// others through their output functions. What it writes is what PostgreSQL's COPY writes, unless
// the style says otherwise.
#pragma once

#include <string_view>
#include <type_traits>

#include "base/postgres.hpp"
#include "core/csv/text.hpp"
#include "core/time/writer.hpp"
#include "writing/row_buffer.hpp"

namespace vidyo_cdr {

// Where a field of the row comes from.
struct RecordField {
  AttrNumber column;  // of the record, counted from 1
  bool force_quotes;  // quote whatever the field holds
};

// How records become lines.
struct RecordStyle {
  CsvDialect dialect;
  TimestampForm times = TimestampForm::kWithOffset;
  bool guard_spreadsheet = false;  // see core/spreadsheet_guard.hpp
  std::string_view line_end = "\n";
  // The fields of the row; without any, they are all columns of the record.
  const RecordField *fields = nullptr;
  int field_count = 0;
};

class RecordWriter {
 public:
  // Makes a writer in the current memory context, which must outlive it, for records with these
  // columns.
  static RecordWriter *Make(const RecordStyle &style, TupleDesc columns);

  // Writes a record as a row and returns the row's end.
  char *Write(TupleTableSlot *record, RowBuffer &buffer);

 private:
  enum class Kind : uint8_t {
    kText,
    kInt2,
    kInt4,
    kInt8,
    kTimestamptz,
    kInet,
    kGuardedText,
    kGuardedInt8,
    kGuardedInet,
    kOther
  };

  struct Field {
    Kind kind;
    bool force_quotes;
    AttrNumber column;
  };

  RecordWriter(const RecordStyle &style, int field_count);

  static Kind KindOfOutput(Oid output_function);
  static Kind Guarded(Kind kind);
  Kind KindOfField(Oid output_function, bool force_quotes) const;
  bool BareNumbersAreSafe() const;
  bool TimesAreIso() const;
  static char *WriteAddress(char *out, bool guarded, Datum value);
  char *WriteBare(char *out, Kind kind, Datum value);
  std::string_view TextOf(int field, Kind kind, Datum value);
  std::string_view OutputText(int field, Datum value);
  std::string_view StoredText(Datum value);
  const varlena *Detoasted(Datum value);
  std::string_view GuardedText(std::string_view text);

  RecordStyle style_;
  CsvTextWriter text_writer_;
  pg_tz *zone_;
  TimestampWriter timestamp_writer_;
  MemoryContext record_context_;
  int field_count_;
  Field *fields_;
  FmgrInfo *outputs_;
};
static_assert(std::is_trivially_destructible_v<RecordWriter>);

}  // namespace vidyo_cdr
