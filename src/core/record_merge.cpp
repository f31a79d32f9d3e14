// The rules by which an incoming record changes a stored one.
#include "core/record_merge.hpp"

#include "core/no_postgres.hpp"
#include "core/record_code.hpp"

namespace vidyo_cdr {

namespace {

constexpr ColumnSet kIdentity = ColumnsWith(&Column::is_identity);

MergeDecision UpdateOf(ColumnSet columns) noexcept {
  return {columns == 0 ? MergeVerdict::kUnchanged : MergeVerdict::kUpdate, columns};
}

// What an open stored record takes from one that is as far on or further.
MergeDecision Advance(const RecordDifferences &differences) noexcept {
  return UpdateOf(differences.different | differences.only_incoming);
}

// What a stored record takes that is complete, or further on than the incoming one. A value that
// the incoming record lacks is no contradiction, or the order of two files would decide.
MergeDecision Complete(const CallStage &stored, const CallStage &incoming,
                       const RecordDifferences &differences) noexcept {
  ColumnSet contradictions = differences.different;
  if (incoming.IsOpen() && CallProgress(incoming.call_state) < CallProgress(stored.call_state)) {
    contradictions &= ~Only(kCallState);
  }
  if (contradictions != 0) {
    return {MergeVerdict::kConflict, contradictions};
  }
  return UpdateOf(differences.only_incoming);
}

}  // namespace

bool CallStage::IsOpen() const noexcept {
  return !has_left && CallProgress(call_state) < kCallEnded;
}

MergeDecision DecideMerge(const CallStage &stored, const CallStage &incoming,
                          const RecordDifferences &differences) noexcept {
  const ColumnSet all = differences.different | differences.only_stored | differences.only_incoming;
  if ((all & kIdentity) != 0) {
    return {MergeVerdict::kAnotherCall, all & kIdentity};
  }

  constexpr ColumnSet kMergeable = ~Only(kTenantName);
  RecordDifferences mergeable;
  mergeable.different = differences.different & kMergeable;
  mergeable.only_incoming = differences.only_incoming & kMergeable;
  const bool is_news = CallProgress(incoming.call_state) >= CallProgress(stored.call_state);
  MergeDecision decision =
      stored.IsOpen() && is_news ? Advance(mergeable) : Complete(stored, incoming, mergeable);
  decision.names_another_tenant = (all & Only(kTenantName)) != 0;
  return decision;
}

}  // namespace vidyo_cdr
