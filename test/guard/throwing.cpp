// Functions that throw where it does most harm, behind the extension's own guard: inside PG_TRY and
// with a callback for the error's context, both of which are gone when the exception is caught.
#include <stdexcept>
#include <string>

#include "base/guard.hpp"
#include "base/postgres.hpp"

namespace {

void Throw(int32_t kind) {
  switch (kind) {
    case 1:
      throw std::bad_alloc();
    case 2:
      throw std::runtime_error("thrown on purpose");
    case 3:
      throw std::runtime_error(std::string(1000, 'x'));
    case 4:
      throw 1;
    default:
      ereport(ERROR, (errmsg("raised on purpose")));
  }
}

[[gnu::noinline]] void ThrowInsideTry(int32_t kind) {
  ErrorContextCallback callback;
  callback.previous = error_context_stack;
  callback.callback = [](void *text) { errcontext("%s", static_cast<const char *>(text)); };
  callback.arg = const_cast<char *>("inside");
  error_context_stack = &callback;
  PG_TRY();
  { Throw(kind); }
  PG_CATCH();
  {
    ereport(NOTICE, (errmsg("caught by PG_CATCH")));
    PG_RE_THROW();
  }
  PG_END_TRY();
  error_context_stack = callback.previous;
}

Datum ThrowGuarded(FunctionCallInfo fcinfo) {
  ThrowInsideTry(PG_GETARG_INT32(0));
  PG_RETURN_VOID();
}

}  // namespace

extern "C" {

PG_MODULE_MAGIC;

PG_FUNCTION_INFO_V1(throw_guarded);

Datum throw_guarded(PG_FUNCTION_ARGS) { VIDYO_CDR_GUARD(return ThrowGuarded(fcinfo)); }

}  // extern "C"
