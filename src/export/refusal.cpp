// Telling a caller that an export is too large, and what would fit.
#include "export/refusal.hpp"

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

// What to do about an export over the limit, as sentences; palloc'ed.
char *RefusalHint(const RecordSource &source, const ExportLimit &limit) {
  if (limit.SomeEndFits()) {
    return psprintf("Narrow the range: the latest end_time that fits is %s.",
                    quote_literal_cstr(TimestampText(limit.LargestEnd())));
  }
  return MomentHint(source, limit.MaxRecords(), limit.FirstJoinTime());
}

}  // namespace

void RefuseExport(const RecordSource &source, const RecordRequest &request,
                  const ExportLimit &limit) {
  char max_records[kRecordCountSize];
  ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                  errmsg("export contains more than %s",
                         FormatRecordCount(limit.MaxRecords(), max_records)),
                  errdetail("The range was %s.", DescribeRequest(request)),
                  errhint("%s", RefusalHint(source, limit))));
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
