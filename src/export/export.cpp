// Counting an export's records.
#include "export/export.hpp"

#include "base/settings.hpp"
#include "core/export_limit.hpp"
#include "export/refusal.hpp"
#include "records/requested_records.hpp"

namespace vidyo_cdr {

namespace {

// Stands before a sink, and counts what it gets.
class LimitingSink final : public RecordSink {
 public:
  explicit LimitingSink(RecordSink *sink) : limit_(settings.export_limit), sink_(sink) {}

  void Start(TupleDesc columns) noexcept override { sink_->Start(columns); }

  bool Receive(TupleTableSlot *record) noexcept override {
    bool is_null;
    const Datum join_time = slot_getattr(record, JoinTimeColumn(RecordColumns::kAll), &is_null);
    return limit_.Admit(DatumGetTimestampTz(join_time)) && sink_->Receive(record);
  }

  const ExportLimit &Limit() const { return limit_; }

 private:
  ExportLimit limit_;
  RecordSink *sink_;
};
static_assert(std::is_trivially_destructible_v<LimitingSink>);

}  // namespace

int32_t RunExport(const RecordRequest &request, RecordSink &sink) {
  LimitingSink limiting(&sink);
  const ExportLimit &limit = limiting.Limit();
  // One record more than the limit tells that there are too many, and where the limit was reached.
  const ReadExtent extent = {RecordColumns::kAll, limit.MaxRecords() + 1};
  const RecordSource source = ReadRequestedRecords(request, "export", extent, limiting);
  if (limit.Exceeded()) {
    RefuseExport(source, request, limit);
  }
  return limit.Admitted();
}

}  // namespace vidyo_cdr
