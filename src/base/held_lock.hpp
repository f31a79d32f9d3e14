// Asking for a lock of one's own, whose function differs by version.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

// Whether this session holds the lock in just that mode.
inline bool HoldsLock(const LOCKTAG &lock, LOCKMODE mode) {
#if PG_VERSION_NUM >= 170000
  return LockHeldByMe(&lock, mode, false);
#else
  return LockHeldByMe(&lock, mode);
#endif
}

}  // namespace vidyo_cdr
