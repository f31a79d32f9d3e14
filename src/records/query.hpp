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

// What a query reads of a record: all columns, or its JoinTime only, for which PostgreSQL need not
// go to the table.
enum class RecordColumns { kAll, kJoinTime };
inline constexpr int kRecordColumnsCount = 2;

// Where JoinTime stands among the query's columns, counted from 1.
constexpr AttrNumber JoinTimeColumn(RecordColumns columns) {
  return columns == RecordColumns::kAll ? kJoinTime + 1 : 1;
}

// How much a query reads.
struct ReadExtent {
  RecordColumns columns;
  int max_records;  // 0: all
};

// The forms of the query.
enum class QueryForm { kAllTenants, kOneTenant, kSeveralTenants, kManyTenants };
inline constexpr int kQueryFormCount = 4;

// The form for a scope; kOneTenant for none as well.
QueryForm QueryFormOf(const RecordScope &scope);

// The condition that keeps a query with tenants in $3 to the scope, behind others; empty for all
// records of this server. palloc'ed.
const char *ScopeCondition(const Extension &extension, const RecordScope &scope);

// How many parameters the query takes.
int ReadParamCount(const RecordScope &scope);

// The query that reads so much of the extension's table in order of JoinTime, and of CallID when it
// reads all columns. It depends on the number of tenants in the scope, not on their names. The text
// is palloc'ed.
char *ReadQueryText(const Extension &extension, const RecordScope &scope, const ReadExtent &extent);

// The parameters for a request, to be changed before use where a value is not known yet.
ParamListInfo ReadParams(const RecordRequest &request, const RecordScope &scope);

}  // namespace vidyo_cdr
