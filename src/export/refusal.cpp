// Telling a caller that an export is too large, and what would fit.
#include "export/refusal.hpp"

#include "base/days.hpp"
#include "base/extension.hpp"
#include "base/settings.hpp"
#include "base/values.hpp"

namespace vidyo_cdr {

namespace {

// The name of the only tenant in the scope.
char *OnlyTenant(const RecordScope &scope) {
  Datum *tenants;
  int count;
  deconstruct_array(scope.tenants, TEXTOID, -1, false, TYPALIGN_INT, &tenants, nullptr, &count);
  return TextDatumGetCString(tenants[0]);
}

// What to do when more than max_records have one JoinTime, as sentences; palloc'ed.
char *MomentHint(const RecordSource &source, int32_t max_records, TimestampTz moment) {
  char count[kRecordCountSize];
  FormatRecordCount(max_records, count);
  const char *join_time = quote_literal_cstr(TimestampText(moment));
  if (!source.scope.by_tenant || source.scope.tenant_count > 1) {
    return psprintf(
        "The JoinTime %s is shared by more than %s, so no end_time fits. Export one tenant at a "
        "time with the tenant argument.",
        join_time, count);
  }
  return psprintf(
      "The tenant's JoinTime %s is shared by more than %s, so no range fits. Read them from the "
      "table: SELECT * FROM %s WHERE TenantName = %s AND JoinTime = %s ORDER BY CallID.",
      join_time, count, quote_qualified_identifier(source.extension.schema_name, "conferencecall2"),
      quote_literal_cstr(OnlyTenant(source.scope)), join_time);
}

// The latest midnight that fits, for people who export whole days, as a clause; empty when not one
// whole day fits. The day of the first record is whole when the request has no start.
const char *MidnightHint(const RecordRequest &request, const ExportLimit &limit) {
  int day = DayOf(limit.LargestEnd());
  while (BeginningOf(day) > limit.LargestEnd()) {
    day--;
  }
  const TimestampTz midnight = BeginningOf(day);
  if (midnight <= limit.FirstJoinTime()) {
    return "";  // nothing would be exported
  }
  // Usually the day before; but a zone that has moved over the date line has skipped one.
  int last_day = day - 1;
  while (BeginningOf(last_day) == midnight) {
    last_day--;
  }
  if (BeginningOf(last_day) < request.start_time) {
    return "";
  }
  return psprintf(", and the latest midnight is '%s' (through %s)", DayText(day),
                  DayText(last_day));
}

// What to do about an export over the limit, as sentences; palloc'ed.
char *RefusalHint(const RecordSource &source, const RecordRequest &request,
                  const ExportLimit &limit) {
  if (!limit.SomeEndFits()) {
    return MomentHint(source, limit.MaxRecords(), limit.FirstJoinTime());
  }
  // The objects may be those of version 1.0 or 1.1.
  const bool has_ranges = OidIsValid(FindMemberFunction(source.extension, "export_cdr_ranges"));
  return psprintf("Narrow the range: the latest end_time that fits is %s%s.%s",
                  quote_literal_cstr(TimestampText(limit.LargestEnd())),
                  MidnightHint(request, limit),
                  has_ranges ? " Or split it with export_cdr_ranges." : "");
}

}  // namespace

void RefuseExport(const RecordSource &source, const RecordRequest &request,
                  const ExportLimit &limit) {
  char max_records[kRecordCountSize];
  ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                  errmsg("export contains more than %s",
                         FormatRecordCount(limit.MaxRecords(), max_records)),
                  errdetail("The range was %s.", DescribeRequest(request)),
                  errhint("%s", RefusalHint(source, request, limit))));
}

void RefuseRanges(const RecordSource &source, const RecordRequest &request, int32_t max_records,
                  TimestampTz moment) {
  const char *hint = MomentHint(source, max_records, moment);
  if (max_records < settings.export_limit) {
    hint = psprintf("%s Or raise max_records, up to %d.", hint, settings.export_limit);
  }
  char count[kRecordCountSize];
  ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                  errmsg("a single moment has more than %s", FormatRecordCount(max_records, count)),
                  errdetail("The range was %s.", DescribeRequest(request)), errhint("%s", hint)));
}

}  // namespace vidyo_cdr
