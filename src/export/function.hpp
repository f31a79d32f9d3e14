// The function export_cdr, as queries see it.
#pragma once

#include "base/postgres.hpp"

// What export_cdr calls.
extern "C" Datum vidyo_cdr_export(PG_FUNCTION_ARGS);

namespace vidyo_cdr {

// The OID of this database's export_cdr, InvalidOid when the extension is not installed.
Oid FindExportFunction();

}  // namespace vidyo_cdr
