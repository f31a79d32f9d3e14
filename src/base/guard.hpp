// Keeps C++ exceptions out of the backend. PostgreSQL's C code has no way to handle one: an
// exception that reaches it ends the whole server.
#pragma once

#include <exception>
#include <new>

#include "base/postgres.hpp"

namespace vidyo_cdr {

// Knows how PostgreSQL would handle an error at an entry point, and what is known of an exception
// once its catch block has been left. Holds plain bytes only, because Report() leaves through
// longjmp, which runs no destructor.
class ExceptionGuard {
 public:
  ExceptionGuard() noexcept
      : exception_stack_(PG_exception_stack), context_stack_(error_context_stack) {}

  // Call inside a catch block: notes the kind and message of the exception being handled.
  void Take() noexcept;

  // Raises the exception as a PostgreSQL error: 53200 for a failed allocation, else XX000. It goes
  // to the handler that was there at the entry point; those that the exception has left behind,
  // with their contexts, are in stack frames that are gone.
  [[noreturn]] void Report() const;

 private:
  sigjmp_buf *exception_stack_;
  ErrorContextCallback *context_stack_;
  int sqlstate_;
  char message_[256];
};

}  // namespace vidyo_cdr

// Wraps the body of every function that the backend calls: runs `statement`, which returns, and
// turns an exception that gets this far into a PostgreSQL error.
#define VIDYO_CDR_GUARD(statement)     \
  do {                                 \
    ::vidyo_cdr::ExceptionGuard guard; \
    try {                              \
      statement;                       \
    } catch (...) {                    \
      guard.Take();                    \
    }                                  \
    guard.Report();                    \
  } while (false)
