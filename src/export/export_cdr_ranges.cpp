// export_cdr_ranges(start_time, end_time, tenant, max_records): the ranges that a request must be
// cut into so that each can be exported, with the number of their records.
#include <type_traits>

#include "export/functions.hpp"
#include "base/postgres.hpp"
#include "base/settings.hpp"
#include "core/range_cutter.hpp"
#include "export/refusal.hpp"
#include "records/requested_records.hpp"
#include "records/column_check.hpp"

namespace vidyo_cdr {

namespace {

// Where a range begins or ends: a moment, or whatever the caller gave.
struct Bound {
  Datum value;
  bool is_null;
};

Bound BoundAt(TimestampTz moment) { return {TimestampTzGetDatum(moment), false}; }

Bound GivenBound(FunctionCallInfo fcinfo, int number) {
  return {PG_GETARG_DATUM(number), PG_ARGISNULL(number)};
}

// How many records a range may have: the argument, or the limit of exports when it is NULL.
int32_t MaxRecordsArgument(FunctionCallInfo fcinfo) {
  if (PG_ARGISNULL(3)) {
    return settings.export_limit;
  }
  const int32_t max_records = PG_GETARG_INT32(3);
  if (max_records < 1 || max_records > settings.export_limit) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("max_records %d is out of range", max_records),
                    errhint("Valid values are between 1 and %d.", settings.export_limit)));
  }
  return max_records;
}

// The function's result: the ranges, one after the other.
class RangeRows {
 public:
  RangeRows(const ReturnSetInfo &result, Bound first_start)
      : store_(result.setResult), columns_(result.setDesc), start_(first_start) {}

  // Adds the range from where the last one ended.
  void Add(Bound end, int32_t records) {
    part_++;
    Datum values[] = {Int32GetDatum(part_), start_.value, end.value, Int64GetDatum(records)};
    bool nulls[] = {false, start_.is_null, end.is_null, false};
    tuplestore_putvalues(store_, columns_, values, nulls);
    start_ = end;
  }

 private:
  Tuplestorestate *store_;
  TupleDesc columns_;
  Bound start_;
  int32_t part_ = 0;
};

// Cuts the range that the records come from.
class CuttingSink final : public RecordSink {
 public:
  CuttingSink(int32_t max_records, RangeRows *rows) : cutter_(max_records), rows_(rows) {}

  void Start(TupleDesc columns) noexcept override {
    CheckColumnType(*TupleDescAttr(columns, kColumn - 1), TIMESTAMPTZOID);
  }

  bool Receive(TupleTableSlot *record) noexcept override {
    bool is_null;
    const TimestampTz moment = DatumGetTimestampTz(slot_getattr(record, kColumn, &is_null));
    const Cut cut = cutter_.Add(moment);
    if (cut == Cut::kHere) {
      rows_->Add(BoundAt(moment), cutter_.CutRecords());
    }
    is_impossible_ = cut == Cut::kImpossible;
    return !is_impossible_;
  }

  // Whether one moment has too many records: the cutter's last.
  bool IsImpossible() const { return is_impossible_; }
  const RangeCutter &Cutter() const { return cutter_; }

 private:
  static constexpr AttrNumber kColumn = JoinTimeColumn(RecordColumns::kJoinTime);

  RangeCutter cutter_;
  RangeRows *rows_;
  bool is_impossible_ = false;
};
static_assert(std::is_trivially_destructible_v<CuttingSink>);

}  // namespace

Datum ExportCdrRanges(FunctionCallInfo fcinfo) {
  const RecordRequest request = ReadRecordRequest(fcinfo);
  const int32_t max_records = MaxRecordsArgument(fcinfo);
  InitMaterializedSRF(fcinfo, 0);
  RangeRows rows(*reinterpret_cast<ReturnSetInfo *>(fcinfo->resultinfo), GivenBound(fcinfo, 0));
  CuttingSink sink(max_records, &rows);
  const ReadExtent all = {RecordColumns::kJoinTime, 0};
  const RecordSource source = ReadRequestedRecords(request, "ranges", all, sink);
  if (sink.IsImpossible()) {
    RefuseRanges(source, request, max_records, sink.Cutter().Moment());
  }
  rows.Add(GivenBound(fcinfo, 1), sink.Cutter().Records());
  return Datum{0};
}

}  // namespace vidyo_cdr
