// Reading arguments, and writing times for messages with PostgreSQL's own encoder.
#include "base/values.hpp"

namespace vidyo_cdr {

Oid StoredType(ColumnType type) {
  switch (type) {
    case ColumnType::kInt64:
      return INT8OID;
    case ColumnType::kInt16:
      return INT2OID;
    case ColumnType::kMoment:
      return TIMESTAMPTZOID;
    case ColumnType::kAddress:
      return INETOID;
    case ColumnType::kText:
      break;
  }
  return TEXTOID;
}

TupleDesc DescribeRows(const ColumnOfRows *columns, int count) {
  TupleDesc description = CreateTemplateTupleDesc(count);
  for (int i = 0; i < count; i++) {
    TupleDescInitEntry(description, static_cast<AttrNumber>(i + 1), columns[i].name,
                       columns[i].type, -1, 0);
  }
#if PG_VERSION_NUM >= 190000
  TupleDescFinalize(description);
#endif
  return description;
}

char *TimestampText(TimestampTz time) {
  char text[MAXDATELEN + 1];
  if (TIMESTAMP_NOT_FINITE(time)) {
    EncodeSpecialTimestamp(time, text);
    return pstrdup(text);
  }

  struct pg_tm fields;
  int offset;
  fsec_t microseconds;
  const char *zone_name;
  if (timestamp2tm(time, &offset, &fields, &microseconds, &zone_name, nullptr) != 0) {
    ereport(ERROR,
            (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE), errmsg("timestamp out of range")));
  }
  EncodeDateTime(&fields, microseconds, true, offset, zone_name, USE_ISO_DATES, text);
  return pstrdup(text);
}

void RequireArgument(FunctionCallInfo fcinfo, int number, const char *name, const char *hint) {
  if (PG_ARGISNULL(number)) {
    ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("%s must not be NULL", name),
                    hint == nullptr ? 0 : errhint("%s", hint)));
  }
}

const char *RequiredText(FunctionCallInfo fcinfo, int number, const char *name) {
  RequireArgument(fcinfo, number, name);
  return text_to_cstring(PG_GETARG_TEXT_PP(number));
}

const char *TextArgument(FunctionCallInfo fcinfo, int number, const char *fallback) {
  return PG_ARGISNULL(number) ? fallback : text_to_cstring(PG_GETARG_TEXT_PP(number));
}

}  // namespace vidyo_cdr
