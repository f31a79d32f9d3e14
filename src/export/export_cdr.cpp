// export_cdr(start_time, end_time, tenant): the export as a set of records.
#include <type_traits>

#include "export/functions.hpp"
#include "base/postgres.hpp"
#include "export/export.hpp"
#include "export/trail.hpp"
#include "records/column_check.hpp"

namespace vidyo_cdr {

namespace {

// Holds the records in the tuplestore that the executor reads a function's result from.
class TuplestoreSink final : public RecordSink {
 public:
  TuplestoreSink(Tuplestorestate *store, TupleDesc result) : store_(store), result_(result) {}

  // The stored records will be read as the function's result type.
  void Start(TupleDesc columns) noexcept override { CheckColumnTypes(columns, result_); }

  bool Receive(TupleTableSlot *record) noexcept override {
    tuplestore_puttupleslot(store_, record);
    return true;
  }

 private:
  Tuplestorestate *store_;
  TupleDesc result_;
};
static_assert(std::is_trivially_destructible_v<TuplestoreSink>);

}  // namespace

Datum ExportCdr(FunctionCallInfo fcinfo) {
  const RecordRequest request = ReadRecordRequest(fcinfo);
  InitMaterializedSRF(fcinfo, 0);
  const auto *result = reinterpret_cast<ReturnSetInfo *>(fcinfo->resultinfo);
  TuplestoreSink sink(result->setResult, result->setDesc);
  Trail *trail =
      BeginExportTrail(result->econtext->ecxt_per_query_memory, "export_cdr", request, nullptr);
  RunOnTrail(trail, [&] {
    const int32_t records = RunExport(request, sink);
    NoteProgress(trail, records, -1);
  });
  EndTrail(trail);
  return Datum{0};
}

}  // namespace vidyo_cdr
