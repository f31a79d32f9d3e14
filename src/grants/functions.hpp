// The functions of giving and taking access that SQL calls, through the list in module.cpp; their
// comments are in extension/install.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

Datum CdrGrantTenant(FunctionCallInfo fcinfo);
Datum CdrGrantAllTenants(FunctionCallInfo fcinfo);
Datum CdrGrantImport(FunctionCallInfo fcinfo);
Datum CdrGrantPurge(FunctionCallInfo fcinfo);
Datum CdrRevoke(FunctionCallInfo fcinfo);

}  // namespace vidyo_cdr
