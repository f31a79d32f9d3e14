// Days, by PostgreSQL's own calendar and zones.
#include "base/days.hpp"

namespace vidyo_cdr {

namespace {

struct pg_tm FieldsOf(int day) {
  struct pg_tm fields = {};
  j2date(day, &fields.tm_year, &fields.tm_mon, &fields.tm_mday);
  return fields;
}

}  // namespace

int DayOf(TimestampTz moment) {
  struct pg_tm fields;
  int offset;
  fsec_t microseconds;
  if (timestamp2tm(moment, &offset, &fields, &microseconds, nullptr, nullptr) != 0) {
    ereport(ERROR,
            (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE), errmsg("timestamp out of range")));
  }
  return date2j(fields.tm_year, fields.tm_mon, fields.tm_mday);
}

TimestampTz BeginningOf(int day) {
  if (day < 0) {
    return DT_NOBEGIN;  // no day of the calendar
  }
  struct pg_tm fields = FieldsOf(day);
  int offset = DetermineTimeZoneOffset(&fields, session_timezone);
  TimestampTz moment;
  return tm2timestamp(&fields, 0, &offset, &moment) == 0 ? moment : DT_NOBEGIN;
}

char *DayText(int day) {
  struct pg_tm fields = FieldsOf(day);
  char text[MAXDATELEN + 1];
  EncodeDateOnly(&fields, USE_ISO_DATES, text);
  return pstrdup(text);
}

}  // namespace vidyo_cdr
