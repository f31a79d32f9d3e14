// Reading the arguments of usage figures. Each function raises 22023, with a hint that lists what
// is known, when an argument is not.
#pragma once

#include "base/postgres.hpp"
#include "core/columns.hpp"
#include "core/time/calendar.hpp"

namespace vidyo_cdr {

// Which buckets were asked for.
struct BucketArgument {
  bool is_whole_range;  // then there is no length
  BucketLength length;
};

BucketArgument ReadBucket(FunctionCallInfo fcinfo, int number);

// A time zone by its name; the session's when the argument is NULL.
pg_tz *ReadZone(FunctionCallInfo fcinfo, int number);

// The column to group by; kRecordColumnCount when the argument is NULL.
int32_t ReadGroupColumn(FunctionCallInfo fcinfo, int number);

// The endpoint types that count, as an array of text whose elements are known; nullptr for all.
ArrayType *ReadEndpointTypes(FunctionCallInfo fcinfo, int number);

}  // namespace vidyo_cdr
