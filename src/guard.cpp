// Turning a C++ exception into a PostgreSQL error.
#include "guard.hpp"

namespace vidyo_cdr {

void CaughtException::Take() noexcept {
  try {
    throw;
  } catch (const std::bad_alloc &) {
    sqlstate_ = ERRCODE_OUT_OF_MEMORY;
    strlcpy(message_, "out of memory", sizeof message_);
  } catch (const std::exception &exception) {
    sqlstate_ = ERRCODE_INTERNAL_ERROR;
    strlcpy(message_, exception.what(), sizeof message_);
  } catch (...) {
    sqlstate_ = ERRCODE_INTERNAL_ERROR;
    strlcpy(message_, "unknown C++ exception", sizeof message_);
  }
}

void CaughtException::Report() const {
  ereport(ERROR, (errcode(sqlstate_), errmsg("%s", message_)));
}

}  // namespace vidyo_cdr
