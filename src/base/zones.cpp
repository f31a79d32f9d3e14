// Asking PostgreSQL's time zones.
#include "base/zones.hpp"

namespace vidyo_cdr {

ZoneOffset FindOffsetOfZone(int64_t utc_seconds, void *zone) noexcept {
  constexpr int64_t kUnixEpochShift =
      (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * int64_t{SECS_PER_DAY};
  const pg_time_t time = utc_seconds + kUnixEpochShift;
  long offset;
  int is_dst;
  pg_time_t change;
  long next_offset;
  int next_is_dst;
  const int changes = pg_next_dst_boundary(&time, &offset, &is_dst, &change, &next_offset,
                                           &next_is_dst, static_cast<const pg_tz *>(zone));
  if (changes < 0) {
    elog(ERROR, "could not find the offset of the time zone");
  }
  return {utc_seconds, changes > 0 ? change - kUnixEpochShift : PG_INT64_MAX,
          static_cast<int32_t>(offset)};
}

pg_tz *FindZone(const char *name, const char *hint) {
  pg_tz *zone = pg_tzset(name);
  if (zone == nullptr || !pg_tz_acceptable(zone)) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("time zone \"%s\" not recognized", name), errhint("%s", hint)));
  }
  return zone;
}

}  // namespace vidyo_cdr
