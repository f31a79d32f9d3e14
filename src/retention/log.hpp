// The log of purges, which is their memory as well: table cdr_purge.
#pragma once

#include "base/extension.hpp"
#include "retention/request.hpp"

namespace vidyo_cdr {

// Notes that a purge begins, and returns its purge_id.
int64_t LogPurgeBegin(const Extension &extension, const PurgeRequest &request);

// Notes how far a purge has come, in the transaction that removes the records.
void LogPurgeProgress(const Extension &extension, int64_t purge_id, PurgePosition reached,
                      const PurgeCounts &counts);

// Notes that a purge has come to its end.
void LogPurgeEnd(const Extension &extension, int64_t purge_id, const PurgeRequest &request,
                 const PurgeCounts &counts);

}  // namespace vidyo_cdr
