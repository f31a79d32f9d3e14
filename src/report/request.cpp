// Reading what a page is asked for.
#include "report/request.hpp"

#include "base/zones.hpp"
#include "usage/arguments.hpp"

namespace vidyo_cdr {

namespace {

// The function's arguments after start_time and end_time.
enum { kTimeZone = 2, kTenant };

}  // namespace

ZoneRules PageRequest::Rules() const { return {FindOffsetOfZone, zone}; }

PageRequest ReadPageRequest(FunctionCallInfo fcinfo) {
  PageRequest request = {};
  request.records = ReadRecordRequest(fcinfo, kTenant);
  request.zone_name = PG_ARGISNULL(kTimeZone) ? nullptr : PG_GETARG_TEXT_PP(kTimeZone);
  request.zone = ReadZone(fcinfo, kTimeZone);
  if (PG_ARGISNULL(0) && PG_ARGISNULL(1)) {
    const TimeRange month = LastWholeMonth(GetCurrentTransactionStartTimestamp(), request.Rules());
    request.records.start_time = month.start;
    request.records.end_time = month.end;
  }
  CheckRecordRequest(request.records);
  return request;
}

}  // namespace vidyo_cdr
