// What an export was asked for: the range of JoinTime and the tenant.
#pragma once

#include <type_traits>

#include "base/postgres.hpp"

namespace vidyo_cdr {

// start_time <= JoinTime < end_time. "No bound" is kept as -infinity and infinity, which lets in
// every record, since the table holds finite times only.
struct RecordRequest {
  TimestampTz start_time = DT_NOBEGIN;
  TimestampTz end_time = DT_NOEND;
  text *tenant = nullptr;  // nullptr: all tenants
};
static_assert(std::is_trivially_destructible_v<RecordRequest>);

// Reads the arguments start_time and end_time, which come first, and tenant, which has that number,
// counted from 0. Each may be NULL.
RecordRequest ReadRecordRequest(FunctionCallInfo fcinfo, int tenant_number = 2);

// Raises 22023 when start_time is after end_time.
void CheckRecordRequest(const RecordRequest &request);

// The range as it is written in a call: "start_time => '...', end_time => NULL". palloc'ed.
char *DescribeRange(const RecordRequest &request);

// The request as it is written in a call, for DETAIL lines: "start_time => '...', end_time =>
// NULL". The text is palloc'ed.
char *DescribeRequest(const RecordRequest &request);

}  // namespace vidyo_cdr
