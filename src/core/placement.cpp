// The one place that decides which way a session takes; see the header.
#include "core/placement.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

// Whether Citus has the table as cdr_distribute leaves it.
bool IsAsDistributed(const PlacementFacts &facts) noexcept {
  const bool is_shared_access = facts.is_access && facts.kind == CitusTable::kReference;
  const bool is_spread_records =
      facts.is_records && facts.kind == CitusTable::kDistributed && facts.access_is_everywhere;
  return is_shared_access || is_spread_records;
}

}  // namespace

PlacementVerdict DecidePlacement(const PlacementFacts &facts) noexcept {
  if (facts.kind == CitusTable::kNone) {
    return PlacementVerdict::kHere;
  }
  if (!IsAsDistributed(facts)) {
    return PlacementVerdict::kByHand;
  }
  if (!facts.citus_is_loaded) {
    return PlacementVerdict::kCitusNotLoaded;
  }
  if (facts.is_access) {
    return PlacementVerdict::kOnNodes;  // also on a worker, whose policies read its copy
  }
  if (!facts.is_coordinator) {
    return PlacementVerdict::kWorker;
  }
  return facts.values_arrive ? PlacementVerdict::kOnNodes : PlacementVerdict::kSettings;
}

}  // namespace vidyo_cdr
