// The functions of usage figures that SQL calls, through the list in module.cpp; their comments are
// in extension/install.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

Datum CdrUsage(FunctionCallInfo fcinfo);
Datum CdrUsageSupport(FunctionCallInfo fcinfo);
Datum CdrMeetings(FunctionCallInfo fcinfo);
Datum CdrLiveSince(FunctionCallInfo fcinfo);

}  // namespace vidyo_cdr
