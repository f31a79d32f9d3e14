// Bringing in what is new at a feed's source.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

// What sync_cdr was asked for.
struct SyncRequest {
  Oid source;
  const char *zone_name;
  pg_tz *zone;
  int64_t batch_size;
};

// Runs a sync, inside SPI that may commit: a batch is a transaction. Not inlined: the variables of
// a sync must not stand in a function that a longjmp returns to.
[[gnu::noinline]] void RunSync(const SyncRequest &request);

}  // namespace vidyo_cdr
