// The records that a purge is for: every access to them, through the executor and as the caller,
// inside SPI.
#pragma once

#include "base/extension.hpp"
#include "retention/request.hpp"

namespace vidyo_cdr {

// Finds where the next batch behind a place ends, which is EndOf() for the last one.
PurgePosition FindBatchEnd(const Extension &extension, const PurgeRequest &request,
                           PurgePosition after);

// Removes the records behind a place up to another one, but for open calls, and counts them.
void RemoveRecords(const Extension &extension, const PurgeRequest &request, PurgePosition after,
                   PurgePosition end, PurgeCounts *counts);

// Counts the open calls that stay.
int64_t CountStillOpen(const Extension &extension, const PurgeRequest &request);

// Counts what a purge would remove.
PurgeCounts CountExpired(const Extension &extension, const PurgeRequest &request);

// Removes a batch of old rejects with numbers above one, sets that to the last one's, and counts
// them. Returns whether there were any.
bool RemoveRejects(const Extension &extension, const PurgeRequest &request, int64_t *above,
                   PurgeCounts *counts);

}  // namespace vidyo_cdr
