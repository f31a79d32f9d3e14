// Arguments of the extension's functions that may not be NULL.
#pragma once

#include "pg_headers.hpp"

namespace vidyo_cdr {

// A hint for arguments that need not be given.
inline constexpr const char *kHasDefault = "Leave the argument out for its default.";

// Raises 22004 when the argument of that number, counted from 0, is NULL.
void RequireArgument(FunctionCallInfo fcinfo, int number, const char *name,
                     const char *hint = nullptr);

// The same for an argument of type text, whose value is returned, palloc'ed.
const char *RequiredText(FunctionCallInfo fcinfo, int number, const char *name,
                         const char *hint = nullptr);

}  // namespace vidyo_cdr
