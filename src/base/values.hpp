// SQL values on their way in and out: arguments, texts, rows, and numbers and times in messages.
#pragma once

#include <string_view>

#include "base/postgres.hpp"
#include "core/columns.hpp"

namespace vidyo_cdr {

// A copy as a value of type text, in the current memory context.
inline Datum TextDatum(std::string_view text) {
  return PointerGetDatum(cstring_to_text_with_len(text.data(), static_cast<int>(text.size())));
}

// The bytes of a value of type text, unpacked into the current memory context where they must be.
inline std::string_view TextOf(Datum value) {
  const auto *text = reinterpret_cast<const varlena *>(PG_DETOAST_DATUM_PACKED(value));
  return {VARDATA_ANY(text), VARSIZE_ANY_EXHDR(text)};
}

// The type that a column's values are stored as, without its domain.
Oid StoredType(ColumnType type);

// A number for the %lld of a format, the only one for 64 bits that messages are translated with.
constexpr long long LongLong(int64_t number) { return number; }

// A column of rows that are made in memory.
struct ColumnOfRows {
  const char *name;
  Oid type;
};

// The description of such rows, in the current memory context.
TupleDesc DescribeRows(const ColumnOfRows *columns, int count);

template <size_t count>
TupleDesc DescribeRows(const ColumnOfRows (&columns)[count]) {
  return DescribeRows(columns, static_cast<int>(count));
}

// One such row, as a function returns it.
template <size_t count>
Datum RowOf(const ColumnOfRows (&columns)[count], Datum (&values)[count], bool (&nulls)[count]) {
  TupleDesc description = BlessTupleDesc(DescribeRows(columns));
  return HeapTupleGetDatum(heap_form_tuple(description, values, nulls));
}

// The time in ISO form, with all its digits and the offset of the session's zone, whatever
// DateStyle says; infinite times as PostgreSQL reads them. The text is palloc'ed.
char *TimestampText(TimestampTz time);

// Raises 22004 when the argument of that number, counted from 0, is NULL.
void RequireArgument(FunctionCallInfo fcinfo, int number, const char *name,
                     const char *hint = nullptr);

// The same for an argument of type text, whose value is returned, palloc'ed.
const char *RequiredText(FunctionCallInfo fcinfo, int number, const char *name);

// The value of an argument of type text, palloc'ed, or its default when it is NULL.
const char *TextArgument(FunctionCallInfo fcinfo, int number, const char *fallback);

}  // namespace vidyo_cdr
