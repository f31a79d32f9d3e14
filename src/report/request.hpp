// What a page is asked for.
#pragma once

#include <string_view>
#include <type_traits>

#include "base/postgres.hpp"
#include "core/report/range.hpp"
#include "records/request.hpp"

namespace vidyo_cdr {

struct PageRequest {
  RecordRequest records;  // the range and the tenant
  text *zone_name;        // as given; nullptr: the session's
  pg_tz *zone;

  ZoneRules Rules() const;
};
static_assert(std::is_trivially_destructible_v<PageRequest>);

// Reads the arguments start_time, end_time, time_zone and tenant. Without any bound the range is
// the last whole month. Raises 22023 for an unknown time zone, and when start_time is after
// end_time.
PageRequest ReadPageRequest(FunctionCallInfo fcinfo);

}  // namespace vidyo_cdr
