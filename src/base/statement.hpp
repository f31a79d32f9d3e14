// Running statements of the extension's own, inside SPI and as the caller: with settings for their
// time, and in a subtransaction where they may fail.
#pragma once

#include <initializer_list>

#include "base/postgres.hpp"

namespace vidyo_cdr {

struct Parameter {
  Oid type;
  Datum value;
  bool is_null = false;
};

// Parameters of the types that most have. A text that is nullptr is NULL.
inline Parameter NumberParameter(int64_t number, bool is_null = false) {
  return {INT8OID, Int64GetDatum(number), is_null};
}
inline Parameter MomentParameter(TimestampTz moment, bool is_null = false) {
  return {TIMESTAMPTZOID, TimestampTzGetDatum(moment), is_null};
}
inline Parameter TextParameter(const text *value) {
  return {TEXTOID, PointerGetDatum(value), value == nullptr};
}
inline Parameter TextParameter(const char *value) {
  return TextParameter(value == nullptr ? nullptr : cstring_to_text(value));
}

// Runs a statement with parameters $1 and so on, and returns how many rows it processed; rows that
// it returns are in SPI_tuptable. `expected` is the SPI_OK code that tells what kind of statement
// it is.
uint64_t RunStatement(const char *statement, int expected,
                      std::initializer_list<Parameter> parameters);

// The same with any number of parameters.
uint64_t RunStatement(const char *statement, int expected, const Parameter *parameters, int count);

// A value that is not NULL in SPI_tuptable: rows are counted from 0, columns from 1. It lives as
// long as SPI_tuptable, unless it is passed by value.
Datum ResultValue(int row, int column);

// A PostgreSQL setting that holds for a few statements, as a function's SET clause would make it.
// An error undoes it as well.
struct Setting {
  const char *name;
  const char *value;
};

// Makes the settings and returns the level to hand to LeaveLocalSettings().
int EnterLocalSettings(std::initializer_list<Setting> settings);

// Takes back all that was set since that level was entered.
void LeaveLocalSettings(int level);

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
