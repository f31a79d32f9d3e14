// Counting an export's records.
#include "export/export.hpp"

#include "base/settings.hpp"
#include "core/export_limit.hpp"
#include "export/refusal.hpp"
#include "records/query.hpp"
#include "records/unknown_tenant.hpp"

namespace vidyo_cdr {

namespace {

// Stands before a sink, and counts what it gets.
class LimitingSink final : public RecordSink {
 public:
  explicit LimitingSink(RecordSink *sink) : limit_(settings.export_limit), sink_(sink) {}

  void Start(TupleDesc columns) noexcept override { sink_->Start(columns); }

  bool Receive(TupleTableSlot *record) noexcept override {
    bool is_null;
    const Datum join_time = slot_getattr(record, kJoinTimeColumn, &is_null);
    return limit_.Admit(DatumGetTimestampTz(join_time)) && sink_->Receive(record);
  }

  const ExportLimit &Limit() const { return limit_; }

 private:
  ExportLimit limit_;
  RecordSink *sink_;
};
static_assert(std::is_trivially_destructible_v<LimitingSink>);

// What messages tell of an export that they come out of.
struct ExportContext {
  ErrorContextCallback callback;
  const RecordRequest *request;
  bool may_read;  // whether the caller has the privileges on schema and table
};

void AddExportContext(void *argument) {
  const auto *context = static_cast<const ExportContext *>(argument);
  if (!context->may_read && geterrcode() == ERRCODE_INSUFFICIENT_PRIVILEGE) {
    errhint(
        "Ask the owner of the extension to grant access with cdr_grant_tenant or "
        "cdr_grant_all_tenants.");
  }
  errcontext("export of call detail records, %s", DescribeRange(*context->request));
}

// Exports with the access that the caller has now, and refuses what is over the limit.
int32_t Export(const RecordRequest &request, LimitingSink &sink) {
  const RecordSource source = OpenRecords(request);
  ExportContext context = {{error_context_stack, AddExportContext, &context},
                           &request,
                           CallerMayRead(source.extension, source.table)};
  error_context_stack = &context.callback;
  // One record more than the limit tells that there are too many, and where the limit was reached.
  ReadRecords(source, request, sink.Limit().MaxRecords() + 1, sink);
  if (request.tenant != nullptr && sink.Limit().Admitted() == 0) {
    NoticeUnknownTenant(source.table, request.tenant);
  }
  error_context_stack = context.callback.previous;

  if (sink.Limit().Exceeded()) {
    RefuseExport(source, request, sink.Limit());
  }
  return sink.Limit().Admitted();
}

}  // namespace

int32_t RunExport(const RecordRequest &request, RecordSink &sink) {
  CheckRecordRequest(request);
  LimitingSink limiting(&sink);
  int32_t admitted = 0;
  WithOneAccess([&] { admitted = Export(request, limiting); });
  return admitted;
}

}  // namespace vidyo_cdr
