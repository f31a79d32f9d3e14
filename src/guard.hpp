// Keeps C++ exceptions out of the backend. PostgreSQL's C code has no way to handle one: an
// exception that reaches it ends the whole server.
#pragma once

#include <exception>
#include <new>

#include "pg_headers.hpp"

namespace vidyo_cdr {

// What is known of an exception once its catch block has been left. Holds plain bytes only, because
// Report() leaves through longjmp, which runs no destructor.
class CaughtException {
 public:
  // Call inside a catch block: notes the kind and message of the exception being handled.
  void Take() noexcept;

  // Raises the exception as a PostgreSQL error: 53200 for a failed allocation, else XX000.
  [[noreturn]] void Report() const;

 private:
  int sqlstate_ = 0;
  char message_[256] = {};
};

}  // namespace vidyo_cdr

// Wraps the body of every function that the backend calls: runs `statement`, which returns, and
// turns an exception that gets this far into a PostgreSQL error.
#define VIDYO_CDR_GUARD(statement)       \
  do {                                   \
    ::vidyo_cdr::CaughtException caught; \
    try {                                \
      statement;                         \
    } catch (...) {                      \
      caught.Take();                     \
    }                                    \
    caught.Report();                     \
  } while (false)
