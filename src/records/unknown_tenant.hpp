// Telling a caller that a tenant's name is not one that its records have: misspelled, perhaps.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

// Sends a NOTICE when the current user sees no record of the tenant at all, in the active snapshot,
// with the name in another case of which it sees records. table: ConferenceCall2, locked. Says
// nothing to who may not read it.
void NoticeUnknownTenant(Oid table, text *tenant);

}  // namespace vidyo_cdr
