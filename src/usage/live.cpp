// Which open calls are alive, for figures and for the view cdr_live.
#include "usage/live.hpp"

#include "base/settings.hpp"
#include "usage/functions.hpp"

namespace vidyo_cdr {

TimestampTz OldestLiveJoin() {
  constexpr int64_t kMinute = int64_t{SECS_PER_MINUTE} * USECS_PER_SEC;
  return GetCurrentTransactionStartTimestamp() - settings.stale_after * kMinute;
}

Datum CdrLiveSince(FunctionCallInfo) { return TimestampTzGetDatum(OldestLiveJoin()); }

}  // namespace vidyo_cdr
