// Arguments of the extension's functions, where NULL is refused or stands for the default.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

// Raises 22004 when the argument of that number, counted from 0, is NULL.
void RequireArgument(FunctionCallInfo fcinfo, int number, const char *name,
                     const char *hint = nullptr);

// The same for an argument of type text, whose value is returned, palloc'ed.
const char *RequiredText(FunctionCallInfo fcinfo, int number, const char *name);

// The value of an argument of type text, palloc'ed, or its default when it is NULL.
const char *TextArgument(FunctionCallInfo fcinfo, int number, const char *fallback);

}  // namespace vidyo_cdr
