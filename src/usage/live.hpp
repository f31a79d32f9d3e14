// Which open calls are alive.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

// Open calls that joined earlier are taken for dead: now() less vidyo_cdr.stale_after.
TimestampTz OldestLiveJoin();

}  // namespace vidyo_cdr
