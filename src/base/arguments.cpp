// Reading arguments that can be NULL.
#include "base/arguments.hpp"

namespace vidyo_cdr {

void RequireArgument(FunctionCallInfo fcinfo, int number, const char *name, const char *hint) {
  if (PG_ARGISNULL(number)) {
    ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("%s must not be NULL", name),
                    hint == nullptr ? 0 : errhint("%s", hint)));
  }
}

const char *RequiredText(FunctionCallInfo fcinfo, int number, const char *name) {
  RequireArgument(fcinfo, number, name);
  return text_to_cstring(PG_GETARG_TEXT_PP(number));
}

const char *TextArgument(FunctionCallInfo fcinfo, int number, const char *fallback) {
  return PG_ARGISNULL(number) ? fallback : text_to_cstring(PG_GETARG_TEXT_PP(number));
}

}  // namespace vidyo_cdr
