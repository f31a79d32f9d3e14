// The queries behind usage figures. They are planned for each call, with its bounds: from a day out
// of years to all that there is, other plans are best. What was found by the index alone: records
// that joined up to a day before the range by their JoinTime, longer ones, which are rare, by an
// index of such, and open ones by the index of these.
#include "records/overlap.hpp"

#include "access/decided_policy.hpp"
#include "base/memory.hpp"
#include "base/query.hpp"
#include "base/statement.hpp"
#include "records/plan.hpp"
#include "records/query.hpp"

namespace vidyo_cdr {

namespace {

constexpr int kParamCount = 6;
const Oid kParamTypes[kParamCount] = {TIMESTAMPTZOID, TIMESTAMPTZOID, TEXTARRAYOID,
                                      TIMESTAMPTZOID, TIMESTAMPTZOID, TEXTARRAYOID};

// How long before a range those records may have joined that are not in the index of longer ones:
// a day, and a second since that index computes in floating point.
constexpr TimestampTz kLongest = (int64_t{SECS_PER_DAY} + 1) * USECS_PER_SEC;

// As the index of longer records has it (extension/install).
constexpr const char *kIsLonger =
    "pg_catalog.date_part('epoch', pg_catalog.timezone('UTC', LeaveTime))"
    " OPERATOR(pg_catalog.-) pg_catalog.date_part('epoch', pg_catalog.timezone('UTC', JoinTime))"
    " OPERATOR(pg_catalog.>) 86400";

constexpr const char *kIsConnected =
    "CallState OPERATOR(pg_catalog.=) ANY (ARRAY['IN PROGRESS', 'COMPLETED'])";

// A query while it is written.
struct Writer {
  StringInfoData text;
  const RecordSource *source;
  ColumnSet columns;
  const char *separator;

  void Append(const char *part) { appendStringInfoString(&text, part); }

  void AppendColumns() {
    const char *comma = "";
    for (int32_t i = 0; i < kRecordColumnCount; i++) {
      if (HasColumn(columns, i)) {
        appendStringInfo(&text, "%s%s", comma, kColumns[i].name.data());
        comma = ", ";
      }
    }
  }

  void AppendTable() {
    appendStringInfo(&text, " FROM %s.ConferenceCall2", source->extension.quoted_schema);
  }

  // The records that meet the conditions, of the tenants in the scope, as a part of a UNION ALL.
  void AppendPart(const char *conditions) {
    AppendPart(conditions, ScopeCondition(source->extension, source->scope));
  }

  void AppendPart(const char *conditions, const char *of_tenants) {
    Append(separator);
    separator = " UNION ALL ";
    Append("SELECT ");
    AppendColumns();
    AppendTable();
    appendStringInfo(&text, " WHERE %s%s", conditions, of_tenants);
  }

  // The records from a bound on, for one tenant after the other: by the second condition, which
  // follows from the first, the planner finds the index that begins with the tenant, and reads
  // nobody else's records. Of very many tenants, they are looked up and sorted.
  void AppendMainPart(const char *conditions, const char *bound) {
    const RecordScope &scope = source->scope;
    const QueryForm form = QueryFormOf(scope);
    if (form == QueryForm::kAllTenants || form == QueryForm::kManyTenants ||
        scope.tenant_count == 0) {
      AppendPart(conditions);
      return;
    }
    for (int i = 1; i <= scope.tenant_count; i++) {
      AppendPart(conditions, psprintf(" AND TenantName OPERATOR(pg_catalog.=) ($3)[%d]"
                                      " AND ROW(TenantName, JoinTime) OPERATOR(pg_catalog.>=)"
                                      " ROW(($3)[%d], %s)",
                                      i, i, bound));
    }
  }
};

Writer BeginQuery(const RecordSource &source, ColumnSet columns) {
  Writer writer = {{}, &source, columns, ""};
  initStringInfo(&writer.text);
  return writer;
}

// $1 start_time, $2 end_time, $3 the tenants.
ParamListInfo ParamsOf(const RecordSource &source, const RecordRequest &request) {
  ParamListInfo params = makeParamList(kParamCount);
  for (int i = 0; i < kParamCount; i++) {
    SetParam(params, i, kParamTypes[i], Datum{0}, true);
  }
  SetParam(params, 0, kParamTypes[0], TimestampTzGetDatum(request.start_time));
  SetParam(params, 1, kParamTypes[1], TimestampTzGetDatum(request.end_time));
  if (source.scope.by_tenant) {
    SetParam(params, 2, kParamTypes[2], PointerGetDatum(source.scope.tenants));
  }
  return params;
}

// Plans a query for one run. Compiling would take longer than reading. Who sees some tenants only
// is kept to their index.
PlannedQuery Plan(const char *text, ParamListInfo params, bool by_tenant) {
  const char *others = by_tenant ? "off" : "on";
  const int level = EnterLocalSettings({{"jit", "off"},
                                        {"enable_indexscan", "on"},
                                        {"enable_seqscan", others},
                                        {"enable_bitmapscan", others},
                                        {"enable_sort", "on"},
                                        {"enable_material", "off"}});
  const ParamListInfo decided_before = DecidePolicyOf(params);
  auto *planned = AllocateArray<PlannedQuery>(1);  // what is in memory outlives a jump
  PG_TRY();
  { *planned = PlanQuery(text, kParamTypes, kParamCount, params); }
  PG_FINALLY();
  { DecidePolicyOf(decided_before); }
  PG_END_TRY();
  LeaveLocalSettings(level);
  return *planned;
}

uint64 Run(const RecordSource &source, const char *text, ParamListInfo params, RecordSink &sink) {
  const PlannedQuery planned = Plan(text, params, source.scope.by_tenant);
  CheckReadsTable(planned.relations, source.table);
  SinkReceiver receiver(&sink);
  return RunPlan(planned.plan, text, params, &receiver.receiver, 0);
}

}  // namespace

uint64 ReadTouchingRecords(const RecordSource &source, const RecordRequest &request,
                           ColumnSet columns, TimestampTz open_since, RecordSink &sink) {
  ParamListInfo params = ParamsOf(source, request);
  Writer query = BeginQuery(source, columns);
  query.Append("SELECT ");
  query.AppendColumns();
  query.Append(" FROM (");
  if (TIMESTAMP_NOT_FINITE(request.start_time)) {
    query.AppendMainPart("JoinTime OPERATOR(pg_catalog.<) $2", "$1");
  } else {
    const TimestampTz from =
        request.start_time < MIN_TIMESTAMP + kLongest ? DT_NOBEGIN : request.start_time - kLongest;
    SetParam(params, 3, kParamTypes[3], TimestampTzGetDatum(from));
    SetParam(params, 4, kParamTypes[4], TimestampTzGetDatum(open_since));
    query.AppendMainPart(
        "JoinTime OPERATOR(pg_catalog.>=) $4 AND JoinTime OPERATOR(pg_catalog.<) $2", "$4");
    query.AppendPart(psprintf(
        "JoinTime OPERATOR(pg_catalog.<) $4 AND LeaveTime OPERATOR(pg_catalog.>) $1 AND %s AND %s",
        kIsLonger, kIsConnected));
    if (open_since < from) {
      query.AppendPart(
          "JoinTime OPERATOR(pg_catalog.<) $4 AND JoinTime OPERATOR(pg_catalog.>=) $5"
          " AND LeaveTime IS NULL AND CallState OPERATOR(pg_catalog.=) 'IN PROGRESS'");
    }
  }
  query.Append(") AS records ORDER BY JoinTime");
  return Run(source, query.text.data, params, sink);
}

uint64 ReadMeetings(const RecordSource &source, const RecordRequest &request, ColumnSet columns,
                    ArrayType *endpoint_types, RecordSink &sink) {
  ParamListInfo params = ParamsOf(source, request);
  const char *of_tenants = ScopeCondition(source.extension, source.scope);
  const char *of_types = "";
  if (endpoint_types != nullptr) {
    SetParam(params, 5, kParamTypes[5], PointerGetDatum(endpoint_types));
    of_types = " AND EndpointType OPERATOR(pg_catalog.=) ANY ($6)";
  }
  const char *counts = psprintf("%s%s%s", kIsConnected, of_tenants, of_types);

  // What counts is asked where meetings are put together. Asked before the join, without statistics
  // the planner would expect next to no records there, and go through the range for each.
  Writer query = BeginQuery(source, columns);
  query.Append("SELECT ");
  query.AppendColumns();
  query.Append(" FROM (SELECT CallID, ");
  query.AppendColumns();
  appendStringInfo(&query.text,
                   ", pg_catalog.min(JoinTime) FILTER (WHERE %s)"
                   " OVER (PARTITION BY UniqueCallID) AS started",
                   counts);
  query.AppendTable();
  if (!TIMESTAMP_NOT_FINITE(request.start_time) || !TIMESTAMP_NOT_FINITE(request.end_time)) {
    query.Append(" JOIN (SELECT DISTINCT UniqueCallID AS met");
    query.AppendTable();
    appendStringInfo(&query.text,
                     " WHERE JoinTime OPERATOR(pg_catalog.>=) $1"
                     " AND JoinTime OPERATOR(pg_catalog.<) $2%s) AS meetings"
                     " ON meetings.met OPERATOR(pg_catalog.=) UniqueCallID",
                     of_tenants);
  } else {
    appendStringInfo(&query.text, " WHERE %s", counts);
  }
  appendStringInfo(&query.text,
                   ") AS records WHERE started OPERATOR(pg_catalog.>=) $1"
                   " AND started OPERATOR(pg_catalog.<) $2 AND %s"
                   " ORDER BY started, UniqueCallID COLLATE pg_catalog.\"C\", JoinTime, CallID",
                   counts);
  return Run(source, query.text.data, params, sink);
}

}  // namespace vidyo_cdr
