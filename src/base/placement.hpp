// Where the rows of the extension's tables are, which decides how they are read and written. A
// table that has become something else than what is named here is refused: its reads and writes
// might reach a part of the rows only, or rows that no policy guards, and would not say so.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

enum class Placement {
  kHere,    // in the table
  kOnNodes  // in shards on the nodes of a Citus cluster, of which this is the coordinator
};

// Finds where the rows of a table of the extension are. The caller holds a lock on it; one that is
// dropped all the same is said to be here. Raises 0A000 when the table is partitioned, a partition,
// a parent of other tables, not a table at all, such as a view of that name that somebody has made
// a member of the extension, or managed by Citus in another way than cdr_distribute leaves behind,
// or when this is a worker of the cluster; and 55000 when Citus is not loaded, or the session's
// settings would change values on their way to the nodes.
Placement PlacementOf(Oid table);

// Raises 0A000 unless every node has a copy of cdr_role_access, which is asked on a node for its
// shards: one that Citus no longer tells of changes would take nobody to have access.
void RequireSharedAccess();

// The relation of this server that has the entries of the extension's table cdr_role_access: that
// table, or the node's copy of it, also on a worker. Raises 0A000 when there is none, and on a node
// that has shards of ConferenceCall2 and knows nothing of the entries.
Oid EntriesOfAccess(Oid access_table);

// Raises 0A000 when the rows of ConferenceCall2, which is locked, are on nodes: `what` cannot be
// had then.
void RequireHere(Oid table, const char *what);

}  // namespace vidyo_cdr
