// The functions of records that SQL calls, through the list in module.cpp; their comments are in
// extension/install.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

Datum CdrGuardDrop(FunctionCallInfo fcinfo);
Datum CdrGrantedTenants(FunctionCallInfo fcinfo);

}  // namespace vidyo_cdr
