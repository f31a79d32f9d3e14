// The functions of purges that SQL calls, through the list in module.cpp; their comments are in
// extension/install.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

Datum PurgeCdr(FunctionCallInfo fcinfo);
Datum CdrForgetPurge(FunctionCallInfo fcinfo);

}  // namespace vidyo_cdr
