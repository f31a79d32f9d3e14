// Planning the queries of a page.
#include "report/rows.hpp"

#include "base/memory.hpp"
#include "base/values.hpp"

namespace vidyo_cdr {

namespace {

// A value of a parameter, which the planner may know.
void SetParam(ParamListInfo params, int index, Oid type, Datum value, bool is_null) {
  ParamExternData &param = params->params[index];
  param.value = value;
  param.isnull = is_null;
  param.pflags = PARAM_FLAG_CONST;
  param.ptype = type;
}

void SetText(ParamListInfo params, int index, const text *value) {
  SetParam(params, index, TEXTOID, PointerGetDatum(value), value == nullptr);
}

Datum IntervalOf(const BucketLength *length) {
  if (length == nullptr) {
    return Datum{0};
  }
  auto *interval = static_cast<Interval *>(palloc0(sizeof(Interval)));
  switch (length->unit) {
    case BucketLength::kSeconds:
      interval->time = length->count * USECS_PER_SEC;
      break;
    case BucketLength::kDays:
      interval->day = length->count;
      break;
    case BucketLength::kMonths:
      interval->month = length->count;
      break;
  }
  return IntervalPGetDatum(interval);
}

// The function whose rows a plan reads.
Oid FunctionOf(const PlannedStmt *plan) {
  const Plan *node = plan->planTree;
  while (node != nullptr && !IsA(node, FunctionScan)) {
    node = outerPlan(node);
  }
  if (node == nullptr) {
    return InvalidOid;
  }
  const auto *function =
      linitial_node(RangeTblFunction, reinterpret_cast<const FunctionScan *>(node)->functions);
  return IsA(function->funcexpr, FuncExpr) ? castNode(FuncExpr, function->funcexpr)->funcid
                                           : InvalidOid;
}

}  // namespace

std::string_view Utf8Of(std::string_view text) {
  if (GetDatabaseEncoding() == PG_SQL_ASCII) {
    return text;
  }
  const char *utf8 = pg_server_to_any(text.data(), static_cast<int>(text.size()), PG_UTF8);
  return utf8 == text.data() ? text : std::string_view(utf8);
}

std::string_view Row::Utf8(int column) const {
  return IsNull(column) ? std::string_view() : Utf8Of(TextOf(Value(column)));
}

PageReader::Query PageReader::QueryOf(const UsageCall &call) const {
  Query query = {};
  query.context = AllocSetContextCreate(context_, "usage page, reading", ALLOCSET_DEFAULT_SIZES);
  const MemoryContext caller_context = MemoryContextSwitchTo(query.context);
  // With all arguments, so that no function beside it fits as well.
  query.text = psprintf(
      "SELECT %s FROM %s.cdr_usage($1, $2, $3, $4, $5, $6, '{R,D,G,L}'::pg_catalog.text[]) AS u %s",
      call.columns, extension_.quoted_schema, call.order);
  const Oid types[] = {TIMESTAMPTZOID, TIMESTAMPTZOID, INTERVALOID, TEXTOID, TEXTOID, TEXTOID};
  const RecordRequest &records = request_.records;
  const TimeRange range =
      call.range == nullptr ? TimeRange{records.start_time, records.end_time} : *call.range;
  query.params = makeParamList(lengthof(types));
  SetParam(query.params, 0, types[0], TimestampTzGetDatum(range.start), false);
  SetParam(query.params, 1, types[1], TimestampTzGetDatum(range.end), false);
  SetParam(query.params, 2, types[2], IntervalOf(call.bucket), call.bucket == nullptr);
  SetText(query.params, 3, request_.zone_name);
  SetText(query.params, 4, records.tenant);
  SetText(query.params, 5, call.group_by == nullptr ? nullptr : cstring_to_text(call.group_by));
  query.plan = PlanQuery(query.text, types, lengthof(types), query.params);
  // Nothing locks a schema's name: by now another schema may have it, with such a function.
  if (FunctionOf(query.plan) != FindMemberFunction(GetExtension(), "cdr_usage")) {
    ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                    errmsg("function cdr_usage of extension vidyo_cdr has another name or schema"),
                    errhint("Run the query again. If that does not help, rename the function "
                            "back.")));
  }
  MemoryContextSwitchTo(caller_context);
  return query;
}

PageReader::Query PageReader::QueryOf(const char *text, const char *view) const {
  if (!OidIsValid(FindMemberRelation(extension_, view))) {
    ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                    errmsg("view \"%s\" of extension vidyo_cdr is missing", view),
                    errhint("Rename it back, or drop and recreate the extension.")));
  }
  Query query = {};
  query.context = AllocSetContextCreate(context_, "usage page, reading", ALLOCSET_DEFAULT_SIZES);
  const MemoryContext caller_context = MemoryContextSwitchTo(query.context);
  query.text = psprintf(text, psprintf("%s.%s", extension_.quoted_schema, view));
  const Oid types[] = {TIMESTAMPTZOID, TIMESTAMPTZOID, TEXTOID};
  query.params = makeParamList(lengthof(types));
  SetParam(query.params, 0, types[0], TimestampTzGetDatum(request_.records.start_time), false);
  SetParam(query.params, 1, types[1], TimestampTzGetDatum(request_.records.end_time), false);
  SetText(query.params, 2, request_.records.tenant);
  query.plan = PlanQuery(query.text, types, lengthof(types), query.params);
  MemoryContextSwitchTo(caller_context);
  return query;
}

}  // namespace vidyo_cdr
