// Turning a C++ exception into a PostgreSQL error.
#include "base/guard.hpp"

#include <type_traits>

namespace vidyo_cdr {

static_assert(std::is_trivially_destructible_v<ExceptionGuard>);

void ExceptionGuard::Take() noexcept {
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

void ExceptionGuard::Report() const {
  PG_exception_stack = exception_stack_;
  error_context_stack = context_stack_;
  ereport(ERROR, (errcode(sqlstate_), errmsg("%s", message_)));
}

}  // namespace vidyo_cdr
