// What Citus notes of its cluster in its catalog. Citus is found at run time: without it each of
// these costs a look into PostgreSQL's cache of names.
#pragma once

#include "base/postgres.hpp"
#include "core/placement.hpp"

namespace vidyo_cdr {

CitusTable CitusTableOf(Oid table);

// Whether Citus is loaded. Its tables look empty where a server runs without it.
bool CitusIsLoaded();

// Whether this server is a coordinator, or the only node: the group of nodes that Citus numbers 0.
bool IsCoordinator();

// This node's copy of a reference table; InvalidOid where it has none, such as on a coordinator
// that was not added to the cluster.
Oid CopyOfReferenceTable(Oid table);

}  // namespace vidyo_cdr
