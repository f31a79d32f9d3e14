// Telling a caller that an export is too large, and what would fit.
#include "export/refusal.hpp"

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

// What to do about it, as a sentence; palloc'ed.
char *RefusalHint(const Extension &extension, const RecordScope &scope, const ExportLimit &limit) {
  if (limit.SomeEndFits()) {
    return psprintf("Narrow the range: the latest end_time that fits is %s.",
                    quote_literal_cstr(TimestampText(limit.LargestEnd())));
  }

  char max_records[kRecordCountSize];
  FormatRecordCount(limit.MaxRecords(), max_records);
  const char *join_time = quote_literal_cstr(TimestampText(limit.FirstJoinTime()));
  if (!scope.by_tenant || scope.tenant_count > 1) {
    return psprintf(
        "The first JoinTime, %s, is shared by more than %s, so no end_time fits. Export one tenant "
        "at a time with the tenant argument.",
        join_time, max_records);
  }
  return psprintf(
      "The tenant's first JoinTime, %s, is shared by more than %s, so no range fits. Read them "
      "from the table: SELECT * FROM %s WHERE TenantName = %s AND JoinTime = %s "
      "ORDER BY CallID.",
      join_time, max_records, quote_qualified_identifier(extension.schema_name, "conferencecall2"),
      quote_literal_cstr(OnlyTenant(scope)), join_time);
}

}  // namespace

void RefuseExport(const RecordSource &source, const RecordRequest &request,
                  const ExportLimit &limit) {
  char max_records[kRecordCountSize];
  ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                  errmsg("export contains more than %s",
                         FormatRecordCount(limit.MaxRecords(), max_records)),
                  errdetail("The range was %s.", DescribeRequest(request)),
                  errhint("%s", RefusalHint(source.extension, source.scope, limit))));
}

}  // namespace vidyo_cdr
