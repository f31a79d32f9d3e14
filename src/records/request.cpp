// Reading, checking and describing what an export was asked for.
#include "records/request.hpp"

#include "base/values.hpp"

namespace vidyo_cdr {

namespace {

// A bound as a call would write it.
const char *BoundText(TimestampTz bound, TimestampTz no_bound) {
  return bound == no_bound ? "NULL" : quote_literal_cstr(TimestampText(bound));
}

}  // namespace

RecordRequest ReadRecordRequest(FunctionCallInfo fcinfo, int tenant_number) {
  RecordRequest request;
  if (!PG_ARGISNULL(0)) {
    request.start_time = PG_GETARG_TIMESTAMPTZ(0);
  }
  if (!PG_ARGISNULL(1)) {
    request.end_time = PG_GETARG_TIMESTAMPTZ(1);
  }
  if (!PG_ARGISNULL(tenant_number)) {
    request.tenant = PG_GETARG_TEXT_PP(tenant_number);
  }
  return request;
}

void CheckRecordRequest(const RecordRequest &request) {
  if (request.start_time > request.end_time) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("start_time %s is after end_time %s", TimestampText(request.start_time),
                           TimestampText(request.end_time)),
                    errhint("Swap them: the range includes start_time but not end_time.")));
  }
}

char *DescribeRange(const RecordRequest &request) {
  return psprintf("start_time => %s, end_time => %s", BoundText(request.start_time, DT_NOBEGIN),
                  BoundText(request.end_time, DT_NOEND));
}

char *DescribeRequest(const RecordRequest &request) {
  const char *tenant =
      request.tenant == nullptr ? "NULL" : quote_literal_cstr(text_to_cstring(request.tenant));
  return psprintf("%s, tenant => %s", DescribeRange(request), tenant);
}

}  // namespace vidyo_cdr
