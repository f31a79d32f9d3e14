// The records that a purge is for: every access to them, through the executor and as the caller,
// inside SPI.
#pragma once

#include "base/extension.hpp"
#include "retention/request.hpp"

namespace vidyo_cdr {

// Removes the next batch behind a place, but for open calls, and counts what it removed. Returns
// the place of the batch's last record, which is EndOf() for the last batch.
PurgePosition RemoveBatch(const Extension &extension, const PurgeRequest &request,
                          PurgePosition after, PurgeCounts *counts);

// Counts the open calls that stay.
int64_t CountStillOpen(const Extension &extension, const PurgeRequest &request);

// Counts what a purge would remove.
PurgeCounts CountExpired(const Extension &extension, const PurgeRequest &request);

// Removes a batch of old rejects with numbers above one, sets that to the last one's, and counts
// them. Returns whether there were any.
bool RemoveRejects(const Extension &extension, const PurgeRequest &request, int64_t *above,
                   PurgeCounts *counts);

}  // namespace vidyo_cdr
