// Running a purge.
#pragma once

#include "access/trail.hpp"
#include "retention/request.hpp"

namespace vidyo_cdr {

// Raises 42501 when the current user is held to row security and has not been granted purges:
// nothing would be removed, and yet remembered as purged. table: ConferenceCall2.
void RequireMayPurge(Oid table);

// Runs a purge, inside SPI that may commit: a batch is a transaction, the last one too. Not
// inlined: its variables must not stand in a function that a longjmp returns to.
[[gnu::noinline]] PurgeCounts RunPurge(const PurgeRequest &request, Trail *trail);

}  // namespace vidyo_cdr
