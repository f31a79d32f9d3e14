// Deciding where the rows of the extension's tables are: on this server, or on the nodes of a Citus
// cluster.
#pragma once

namespace vidyo_cdr {

// What a table is to Citus.
enum class CitusTable {
  kNone,         // a table of this server alone
  kReference,    // each node has a copy of it
  kDistributed,  // each node has some of its shards
  kOther         // any of the other kinds that Citus has
};

// What the decision is made of.
struct PlacementFacts {
  CitusTable kind = CitusTable::kNone;
  bool is_records = false;            // it is ConferenceCall2
  bool is_access = false;             // it is cdr_role_access
  bool access_is_everywhere = false;  // each node has a copy of cdr_role_access
  bool citus_is_loaded = false;
  bool is_coordinator = false;
  // Citus writes values into the statements of the nodes as the session's settings have them, and
  // the nodes read them by their own.
  bool values_arrive = false;
};

enum class PlacementVerdict {
  kHere,
  kOnNodes,
  kCitusNotLoaded,  // the table would look empty
  kByHand,          // not as cdr_distribute leaves it
  kWorker,          // this is not the coordinator
  kSettings         // values would arrive as others
};

PlacementVerdict DecidePlacement(const PlacementFacts &facts) noexcept;

}  // namespace vidyo_cdr
