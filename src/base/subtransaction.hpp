// Trying something that may fail, and going on after it has.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

// Runs work() in a subtransaction; it may throw no C++ exception. Returns nullptr when that went
// well, else the error, copied into the current memory context: what work() did is undone then.
template <typename Work>
ErrorData *TryInSubtransaction(const Work &work) {
  const MemoryContext caller_context = CurrentMemoryContext;
  const ResourceOwner caller_owner = CurrentResourceOwner;
  ErrorData *volatile error = nullptr;
  BeginInternalSubTransaction(nullptr);
  MemoryContextSwitchTo(caller_context);
  PG_TRY();
  {
    work();
    ReleaseCurrentSubTransaction();
  }
  PG_CATCH();
  {
    MemoryContextSwitchTo(caller_context);
    error = CopyErrorData();
    FlushErrorState();
    RollbackAndReleaseCurrentSubTransaction();
  }
  PG_END_TRY();
  MemoryContextSwitchTo(caller_context);
  CurrentResourceOwner = caller_owner;
  return error;
}

}  // namespace vidyo_cdr
