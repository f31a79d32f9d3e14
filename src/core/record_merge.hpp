// What becomes of a record whose CallID is stored already: the decision only.
#pragma once

#include <string_view>

#include "core/columns.hpp"

namespace vidyo_cdr {

// How far the call was when a record of it was made.
struct CallStage {
  std::string_view call_state;  // as the table stores it
  bool has_left;                // LeaveTime is known

  // A call is open until it has a LeaveTime or one of the states in which calls end.
  bool IsOpen() const noexcept;
};

// How the incoming record's values compare with the stored one's; NULL, '' and completion code 0
// ("not available") all count as no value. Columns that the file does not have are in no set.
struct RecordDifferences {
  ColumnSet different = 0;      // both have a value, and not the same
  ColumnSet only_stored = 0;    // only the stored record has a value
  ColumnSet only_incoming = 0;  // only the incoming record has one
};

enum class MergeVerdict {
  kUnchanged,    // the stored record stays as it is
  kUpdate,       // the stored record takes over `columns`
  kAnotherCall,  // the CallID is that of another call, as `columns` show
  kConflict,     // the two contradict each other in `columns`
};

struct MergeDecision {
  MergeVerdict verdict;
  ColumnSet columns = 0;
  bool names_another_tenant = false;  // TenantName differs; the stored one stays
};

// Decides by these rules. A record of another call never counts as the stored one: UniqueCallID and
// JoinTime must be the same. TenantName is never rewritten. No value is ever
// lost. A stored call that is open takes every value of a record that is as far on or further. In
// all other cases the stored record only gains values that it lacks, and where both have one they
// must agree, except that a record from earlier in the call may be behind in CallState.
MergeDecision DecideMerge(const CallStage &stored, const CallStage &incoming,
                          const RecordDifferences &differences) noexcept;

}  // namespace vidyo_cdr
