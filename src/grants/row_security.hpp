// Whether row security keeps tenants apart.
#pragma once

#include "base/extension.hpp"
#include "base/postgres.hpp"

namespace vidyo_cdr {

// Raises 55000 unless row security is on for the extension's ConferenceCall2 and the extension's
// policies are on it: without them, who may read the table would see all tenants. The table is
// locked.
void RequireRowSecurity(const Extension &extension, Oid table);

}  // namespace vidyo_cdr
