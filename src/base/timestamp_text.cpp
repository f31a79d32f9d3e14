// Times in messages; PostgreSQL's own encoder with a fixed style.
#include "base/timestamp_text.hpp"

namespace vidyo_cdr {

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

}  // namespace vidyo_cdr
