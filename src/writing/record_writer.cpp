// Writing records, field by field.
#include "writing/record_writer.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <new>

#include "base/memory.hpp"
#include "base/zones.hpp"
#include "core/address_writer.hpp"
#include "core/csv/spreadsheet_guard.hpp"

namespace vidyo_cdr {

namespace {

// Room for any number, moment or address.
constexpr size_t kMaxBareSize = TimestampWriter::kMaxSize;
static_assert(kMaxBareSize > kMaxAddressSize);

template <typename Number>
char *WriteNumber(char *out, Number number) {
  return std::to_chars(out, out + kMaxBareSize, number).ptr;
}

// The address when it is stored as such, nullptr otherwise.
const inet_struct *StoredAddress(Datum value) {
  const void *stored = DatumGetPointer(value);
  if (VARATT_IS_EXTERNAL(stored) || VARATT_IS_COMPRESSED(stored)) {
    return nullptr;
  }
  return reinterpret_cast<const inet_struct *>(VARDATA_ANY(stored));
}

// PostgreSQL's COPY has the same limit, since no message may be larger.
void CheckRowSize(size_t size) {
  if (size > MaxAllocSize) {
    ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                    errmsg("a record is longer than %zu bytes as CSV", size_t{MaxAllocSize})));
  }
}

}  // namespace

RecordWriter::RecordWriter(const RecordStyle &style, int field_count)
    : style_(style),
      text_writer_(style.dialect),
      zone_(session_timezone),
      timestamp_writer_(style.times, FindOffsetOfZone, session_timezone),
      record_context_(
          AllocSetContextCreate(CurrentMemoryContext, "vidyo_cdr record", ALLOCSET_DEFAULT_SIZES)),
      field_count_(field_count),
      fields_(static_cast<Field *>(palloc0(sizeof(Field) * static_cast<size_t>(field_count)))),
      outputs_(AllocateArray<FmgrInfo>(field_count)) {}

RecordWriter *RecordWriter::Make(const RecordStyle &style, TupleDesc columns) {
  const int field_count = style.fields != nullptr ? style.field_count : columns->natts;
  auto *writer = new (palloc(sizeof(RecordWriter))) RecordWriter(style, field_count);
  for (int i = 0; i < field_count; i++) {
    const RecordField field = style.fields != nullptr
                                  ? style.fields[i]
                                  : RecordField{static_cast<AttrNumber>(i + 1), false};
    if (field.column < 1 || field.column > columns->natts) {
      elog(ERROR, "record has no column %d", field.column);
    }
    Oid output_function;
    bool is_varlena;
    getTypeOutputInfo(TupleDescAttr(columns, field.column - 1)->atttypid, &output_function,
                      &is_varlena);
    fmgr_info(output_function, &writer->outputs_[i]);
    writer->fields_[i] = {writer->KindOfField(output_function, field.force_quotes),
                          field.force_quotes, field.column};
  }
  return writer;
}

// How a field's values are written.
RecordWriter::Kind RecordWriter::KindOfField(Oid output_function, bool force_quotes) const {
  const Kind kind = KindOfOutput(output_function);
  if (kind != Kind::kText && (force_quotes || !BareNumbersAreSafe())) {
    return Kind::kOther;
  }
  return style_.guard_spreadsheet ? Guarded(kind) : kind;
}

// The same values, guarded where a spreadsheet would change some of them.
RecordWriter::Kind RecordWriter::Guarded(Kind kind) {
  switch (kind) {
    case Kind::kText:
      return Kind::kGuardedText;
    case Kind::kInt8:
      return Kind::kGuardedInt8;
    case Kind::kInet:
      return Kind::kGuardedInet;
    default:
      return kind;
  }
}

// Which values can be written without their output function, told by that function.
RecordWriter::Kind RecordWriter::KindOfOutput(Oid output_function) {
  switch (output_function) {
    case F_TEXTOUT:
    case F_VARCHAROUT:
    case F_BPCHAROUT:
      return Kind::kText;
    case F_INT2OUT:
      return Kind::kInt2;
    case F_INT4OUT:
      return Kind::kInt4;
    case F_INT8OUT:
      return Kind::kInt8;
    case F_TIMESTAMPTZ_OUT:
      return Kind::kTimestamptz;
    case F_INET_OUT:
      return Kind::kInet;
    default:
      return Kind::kOther;
  }
}

// Whether numbers, times and addresses can never need quotes: neither delimiter nor quote occurs in
// them, and none looks like NULL.
bool RecordWriter::BareNumbersAreSafe() const {
  const CsvDialect &dialect = style_.dialect;
  const auto is_safe = [](char byte) { return std::strchr(",;\t|\"'", byte) != nullptr; };
  const bool null_is_safe = dialect.null_text.empty() ||
                            std::strchr("-i0123456789abcdef:", dialect.null_text[0]) == nullptr;
  return is_safe(dialect.delimiter) && is_safe(dialect.quote) && null_is_safe;
}

// Whether a moment is written without its output function. Asked each time, since a query may
// change the session's settings while it runs.
bool RecordWriter::TimesAreIso() const {
  return style_.times == TimestampForm::kWallClock ||
         (DateStyle == USE_ISO_DATES && session_timezone == zone_);
}

// The value as its type's output function writes it; lives until the next record.
std::string_view RecordWriter::OutputText(int field, Datum value) {
  const MemoryContext caller_context = MemoryContextSwitchTo(record_context_);
  const char *text = OutputFunctionCall(&outputs_[field], value);
  MemoryContextSwitchTo(caller_context);
  return text;
}

// The bytes of a text value; lives until the next record.
inline std::string_view RecordWriter::StoredText(Datum value) {
  const auto *text = reinterpret_cast<const varlena *>(DatumGetPointer(value));
  if (VARATT_IS_EXTERNAL(text) || VARATT_IS_COMPRESSED(text)) {
    text = Detoasted(value);
  }
  return {VARDATA_ANY(text), VARSIZE_ANY_EXHDR(text)};
}

const varlena *RecordWriter::Detoasted(Datum value) {
  const MemoryContext caller_context = MemoryContextSwitchTo(record_context_);
  const varlena *detoasted = PG_DETOAST_DATUM_PACKED(value);
  MemoryContextSwitchTo(caller_context);
  return detoasted;
}

// The text with the apostrophes that a spreadsheet needs; lives until the next record.
std::string_view RecordWriter::GuardedText(std::string_view text) {
  if (!NeedsSpreadsheetGuard(text)) {
    return text;
  }
  char *guarded = static_cast<char *>(
      MemoryContextAllocHuge(record_context_, MaxSpreadsheetGuardedSize(text.size())));
  const char *end = WriteSpreadsheetGuarded(guarded, text);
  return {guarded, static_cast<size_t>(end - guarded)};
}

// Writes a single address, which has no netmask, to out and returns the end, or nullptr when the
// value is something else.
char *RecordWriter::WriteAddress(char *out, bool guarded, Datum value) {
  const inet_struct *address = StoredAddress(value);
  if (address == nullptr) {
    return nullptr;
  }
  if (address->family == PGSQL_AF_INET && address->bits == 32) {
    if (guarded && NeedsSpreadsheetGuardIpv4(address->ipaddr)) {
      *out++ = '\'';
    }
    return WriteIpv4(out, address->ipaddr);
  }
  if (address->family == PGSQL_AF_INET6 && address->bits == 128) {
    return WriteIpv6(out, address->ipaddr);
  }
  return nullptr;
}

// Writes a value that never needs quotes to out and returns the end, or nullptr when the value has
// to be written as text.
inline char *RecordWriter::WriteBare(char *out, Kind kind, Datum value) {
  switch (kind) {
    case Kind::kInt2:
      return WriteNumber(out, DatumGetInt16(value));
    case Kind::kInt4:
      return WriteNumber(out, DatumGetInt32(value));
    case Kind::kInt8:
      return WriteNumber(out, DatumGetInt64(value));
    case Kind::kGuardedInt8:
      if (NeedsSpreadsheetGuard(DatumGetInt64(value))) {
        *out++ = '\'';
      }
      return WriteNumber(out, DatumGetInt64(value));
    case Kind::kTimestamptz:
      return TimesAreIso() ? timestamp_writer_.Write(out, DatumGetTimestampTz(value)) : nullptr;
    case Kind::kInet:
    case Kind::kGuardedInet:
      return WriteAddress(out, kind == Kind::kGuardedInet, value);
    case Kind::kText:
    case Kind::kGuardedText:
    case Kind::kOther:
      break;
  }
  return nullptr;
}

// The value as text; lives until the next record.
inline std::string_view RecordWriter::TextOf(int field, Kind kind, Datum value) {
  if (kind == Kind::kText) {
    return StoredText(value);
  }
  return kind == Kind::kGuardedText ? GuardedText(StoredText(value)) : OutputText(field, value);
}

char *RecordWriter::Write(TupleTableSlot *record, RowBuffer &buffer) {
  if (!MemoryContextIsEmpty(record_context_)) {
    MemoryContextReset(record_context_);
  }
  slot_getallattrs(record);

  // What the loop uses, in local variables: the compiler must assume that writing bytes through
  // `out` changes anything that is reached through a pointer.
  const Datum *const values = record->tts_values;
  const bool *const nulls = record->tts_isnull;
  const Field *const fields = fields_;
  const int field_count = field_count_;
  const CsvDialect dialect = style_.dialect;
  const std::string_view line_end = style_.line_end;
  const CsvTextWriter text_writer = text_writer_;
  // Room that is always left for a delimiter, a NULL, anything bare, and the end of the line.
  const size_t slack = kMaxBareSize + dialect.null_text.size() + line_end.size() + 1;

  char *out = buffer.RowBegin();
  const char *limit = buffer.Limit();
  const auto make_room = [&](size_t size) {
    if (static_cast<size_t>(limit - out) < size) {
      out = buffer.MakeRoom(out, size);
      limit = buffer.Limit();
    }
  };

  make_room(slack);  // for a row without fields
  for (int i = 0; i < field_count; i++) {
    make_room(slack);
    if (i > 0) {
      *out++ = dialect.delimiter;
    }
    const Field field = fields[i];
    if (nulls[field.column - 1]) {
      out = std::copy(dialect.null_text.begin(), dialect.null_text.end(), out);
      continue;
    }

    const Datum value = values[field.column - 1];
    if (char *end = WriteBare(out, field.kind, value)) {
      out = end;
      continue;
    }
    const std::string_view text = TextOf(i, field.kind, value);
    make_room(CsvTextWriter::MaxSize(text.size()) + slack);
    out = text_writer.Write(out, text, field.force_quotes);
  }
  out = std::copy(line_end.begin(), line_end.end(), out);
  CheckRowSize(static_cast<size_t>(out - buffer.RowBegin()));
  return out;
}

}  // namespace vidyo_cdr
