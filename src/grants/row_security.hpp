// Whether row security keeps tenants apart.
#pragma once

#include "base/extension.hpp"
#include "base/postgres.hpp"

namespace vidyo_cdr {

// Raises 55000 unless row security is on for the extension's ConferenceCall2 and the extension's
// policies are on it: without them, who may read the table would see all tenants. The policy of
// purges is asked for where it is needed, since versions before 1.2 have none. The table is locked.
void RequireRowSecurity(const Extension &extension, Oid table, bool for_purging);

}  // namespace vidyo_cdr
