// The functions of exports that SQL calls, through the list in module.cpp; their comments are in
// extension/install.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

Datum ExportCdr(FunctionCallInfo fcinfo);
Datum ExportCdrSupport(FunctionCallInfo fcinfo);
Datum ExportCdrCsv(FunctionCallInfo fcinfo);
Datum ExportCdrRanges(FunctionCallInfo fcinfo);

}  // namespace vidyo_cdr
