// Planning the queries of a page.
#include "report/rows.hpp"

#include "base/memory.hpp"
#include "base/values.hpp"

namespace vidyo_cdr {

namespace {

// The length as an interval; NULL for nullptr, which stands for the whole range.
Parameter IntervalParameter(const BucketLength *length) {
  if (length == nullptr) {
    return {INTERVALOID, Datum{0}, true};
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
  return {INTERVALOID, IntervalPGetDatum(interval)};
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

// Plans the query's text with these parameters.
void PageReader::Plan(std::initializer_list<Parameter> parameters, Query *query) {
  Oid types[kMaxParams];
  int count = 0;
  query->params = makeParamList(static_cast<int>(parameters.size()));
  for (const Parameter &parameter : parameters) {
    SetParam(query->params, count, parameter.type, parameter.value, parameter.is_null);
    types[count++] = parameter.type;
  }
  query->plan = PlanQuery(query->text, types, count, query->params).plan;
}

PageReader::Query PageReader::QueryOf(const UsageCall &call) const {
  const RecordRequest &records = request_.records;
  const TimeRange range =
      call.range == nullptr ? TimeRange{records.start_time, records.end_time} : *call.range;
  Query query = NewQuery();
  InMemoryContext(query.context, [&] {
    // With all arguments, so that no function beside it fits as well.
    query.text = psprintf(
        "SELECT %s FROM %s.cdr_usage($1, $2, $3, $4, $5, $6, '{R,D,G,L}'::pg_catalog.text[]) AS u "
        "%s",
        call.columns, extension_.quoted_schema, call.order);
    Plan({MomentParameter(range.start), MomentParameter(range.end), IntervalParameter(call.bucket),
          TextParameter(request_.zone_name), TextParameter(records.tenant),
          TextParameter(call.group_by)},
         &query);
    // Nothing locks a schema's name: by now another schema may have it, with such a function.
    if (FunctionOf(query.plan) != FindMemberFunction(GetExtension(), "cdr_usage")) {
      ereport(ERROR,
              (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
               errmsg("function cdr_usage of extension vidyo_cdr has another name or schema"),
               errhint("Run the query again. If that does not help, rename the function "
                       "back.")));
    }
  });
  return query;
}

PageReader::Query PageReader::QueryOf(const char *text, const char *view) const {
  if (!OidIsValid(FindMemberRelation(extension_, view))) {
    ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                    errmsg("view \"%s\" of extension vidyo_cdr is missing", view),
                    errhint("Rename it back, or drop and recreate the extension.")));
  }
  const RecordRequest &records = request_.records;
  Query query = NewQuery();
  InMemoryContext(query.context, [&] {
    query.text = psprintf(text, psprintf("%s.%s", extension_.quoted_schema, view));
    Plan({MomentParameter(records.start_time), MomentParameter(records.end_time),
          TextParameter(records.tenant)},
         &query);
  });
  return query;
}

}  // namespace vidyo_cdr
