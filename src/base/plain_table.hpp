// The extension's tables are plain tables of one server. Where one has become something else, its
// reads and writes might reach a part of the rows only, or rows that no policy guards, and would
// not say so.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

// Raises 0A000 when a table of the extension is partitioned, a partition, a parent of other tables,
// managed by Citus, or not a table at all, such as a view of that name that somebody has made a
// member of the extension. The caller holds a lock on it; one that is dropped all the same raises
// nothing here.
void RequirePlainTable(Oid table);

}  // namespace vidyo_cdr
