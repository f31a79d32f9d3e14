// The text and parameters of the query behind an export.
#pragma once

#include "core/columns.hpp"
#include "records/request.hpp"
#include "records/scope.hpp"
#include "base/extension.hpp"
#include "base/postgres.hpp"

namespace vidyo_cdr {

// $1 start_time, $2 end_time, and $3, an array of tenants, unless all are read.
inline constexpr int kMaxExportParams = 3;
extern const Oid kExportParamTypes[kMaxExportParams];

// Where JoinTime stands among the query's columns, counted from 1.
inline constexpr AttrNumber kJoinTimeColumn = kJoinTime + 1;

// The forms of the query.
enum class ExportForm { kAllTenants, kOneTenant, kSeveralTenants, kManyTenants };
inline constexpr int kExportFormCount = 4;

// The form for a scope; kOneTenant for none as well.
ExportForm ExportFormOf(const ExportScope &scope);

// How many parameters the query takes.
int ExportParamCount(const ExportScope &scope);

// The query that reads at most max_records records of the extension's table in export order. It
// depends on the number of tenants in the scope, not on their names. The text is palloc'ed.
char *ExportQueryText(const Extension &extension, const ExportScope &scope, int max_records);

// The parameters for a request, to be changed before use where a value is not known yet.
ParamListInfo ExportParams(const ExportRequest &request, const ExportScope &scope);

}  // namespace vidyo_cdr
