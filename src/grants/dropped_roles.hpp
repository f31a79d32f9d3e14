// Entries of access whose role has been dropped: they mean nothing.
#pragma once

#include "base/extension.hpp"
#include "base/postgres.hpp"

namespace vidyo_cdr {

// Deletes them, inside SPI. Citus cannot ask every node for its roles, so they stay in a cluster.
void DeleteEntriesOfDroppedRoles(const Extension &extension, Oid access_table);

}  // namespace vidyo_cdr
