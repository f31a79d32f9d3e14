// The functions of reports that SQL calls, through the list in module.cpp; their comments are in
// extension/install.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

Datum CdrUsagePage(FunctionCallInfo fcinfo);

}  // namespace vidyo_cdr
