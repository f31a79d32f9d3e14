// What procedures share that commit a batch at a time.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

// Raises 25001 where the called procedure cannot commit: in a transaction block or in a function.
void RequireNonatomicCall(FunctionCallInfo fcinfo, const char *procedure);

// The argument of that number, counted from 0, as the size of a batch, NULL standing for the
// default. Raises 22023 when it is out of range.
int32_t BatchSizeArgument(FunctionCallInfo fcinfo, int number);

// A session's lock on a relation that nobody who uses it waits for: relations as such have locks of
// another kind. A transaction's lock would end with the first batch.
LOCKTAG SessionLockOn(Oid relation);

// Gives such a lock up. A commit that failed has taken it already, as every abort does.
void ReleaseSessionLock(const LOCKTAG &lock);

// Runs work(), which throws no C++ exception, with a session lock that this session has got, and
// gives that up, also after an error.
template <typename Work>
void RunWithSessionLock(const LOCKTAG &lock, const Work &work) {
  PG_TRY();
  { work(); }
  PG_CATCH();
  {
    ReleaseSessionLock(lock);
    PG_RE_THROW();
  }
  PG_END_TRY();
  ReleaseSessionLock(lock);
}

}  // namespace vidyo_cdr
