// The text and parameters of the query behind an export.
#pragma once

#include "base/extension.hpp"
#include "base/postgres.hpp"
#include "core/columns.hpp"
#include "records/request.hpp"
#include "records/scope.hpp"

namespace vidyo_cdr {

// $1 start_time, $2 end_time, and $3, an array of tenants, unless all are read.
inline constexpr int kMaxReadParams = 3;
extern const Oid kReadParamTypes[kMaxReadParams];

// Where JoinTime stands among the query's columns, counted from 1.
inline constexpr AttrNumber kJoinTimeColumn = kJoinTime + 1;

// The forms of the query.
enum class QueryForm { kAllTenants, kOneTenant, kSeveralTenants, kManyTenants };
inline constexpr int kQueryFormCount = 4;

// The form for a scope; kOneTenant for none as well.
QueryForm QueryFormOf(const RecordScope &scope);

// How many parameters the query takes.
int ReadParamCount(const RecordScope &scope);

// The query that reads at most max_records records of the extension's table in export order. It
// depends on the number of tenants in the scope, not on their names. The text is palloc'ed.
char *ReadQueryText(const Extension &extension, const RecordScope &scope, int max_records);

// The parameters for a request, to be changed before use where a value is not known yet.
ParamListInfo ReadParams(const RecordRequest &request, const RecordScope &scope);

}  // namespace vidyo_cdr
