// The functions of clusters that SQL calls, through the list in module.cpp; their comments are in
// extension/install.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

Datum CdrDistribute(FunctionCallInfo fcinfo);
Datum CdrUndistribute(FunctionCallInfo fcinfo);

}  // namespace vidyo_cdr
