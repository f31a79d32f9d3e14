// The tables that a cluster shares: ConferenceCall2, and the entries of access.
#pragma once

#include <type_traits>

#include "base/extension.hpp"
#include "base/postgres.hpp"

namespace vidyo_cdr {

struct ClusterTables {
  Extension extension;
  Oid records;
  Oid access;
};
static_assert(std::is_trivially_destructible_v<ClusterTables>);

// Locks both tables against all other use, for a function of their owner. Raises 25006 in a
// read-only transaction, 42501 for others than the owner, and 55000 without Citus.
ClusterTables LockClusterTables(const char *function);

// Raises 55000 when row security holds for the owner of ConferenceCall2 too: rows that it does not
// see would be lost on the way.
void RequireOwnerSeesAll(const ClusterTables &tables);

// Raises 55000 when one of the tables is published, inside SPI: subscribers would be told to empty
// it, or to insert all rows once more, and nothing of what other nodes take.
void RequireUnpublished(const ClusterTables &tables);

// Runs a statement about a table, which is its $1, inside SPI.
void RunOn(Oid table, const char *statement);

// Runs a query of one number about a table, which is its $1, inside SPI.
int64_t ReadNumber(Oid table, const char *query);

// How many records there are, on all nodes.
int64_t CountRecords(const ClusterTables &tables);

}  // namespace vidyo_cdr
