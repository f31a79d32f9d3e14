// Arguments of the extension's functions that may not be NULL.
#pragma once

#include "pg_headers.hpp"

namespace vidyo_cdr {

// Raises 22004 when the argument of that number, counted from 0, is NULL.
void RequireArgument(FunctionCallInfo fcinfo, int number, const char *name);

// The same for an argument of type text, whose value is returned, palloc'ed.
const char *RequiredText(FunctionCallInfo fcinfo, int number, const char *name);

}  // namespace vidyo_cdr
