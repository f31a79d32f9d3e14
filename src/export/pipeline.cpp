// Running the query behind an export and holding it to the limit.
#include "export/pipeline.hpp"

#include <type_traits>

#include "access/role_access.hpp"
#include "core/export_limit.hpp"
#include "records/plan.hpp"
#include "records/query.hpp"
#include "export/refusal.hpp"
#include "base/extension.hpp"
#include "records/prefetch.hpp"
#include "base/settings.hpp"
#include "records/unknown_tenant.hpp"

namespace vidyo_cdr {

namespace {

// Stands between the executor and the sink, and counts.
struct LimitingReceiver {
  DestReceiver receiver;  // first, so that the executor's pointer is also ours
  ExportLimit limit;
  RecordSink *sink;
};
static_assert(std::is_trivially_destructible_v<LimitingReceiver>);

void StartReceiving(DestReceiver *self, int, TupleDesc columns) noexcept {
  reinterpret_cast<LimitingReceiver *>(self)->sink->Start(columns);
}

bool ReceiveRecord(TupleTableSlot *record, DestReceiver *self) noexcept {
  PrefetchRecords(record);
  auto *receiver = reinterpret_cast<LimitingReceiver *>(self);
  bool is_null;
  const Datum join_time = slot_getattr(record, kJoinTimeColumn, &is_null);
  if (!receiver->limit.Admit(DatumGetTimestampTz(join_time))) {
    return false;
  }
  receiver->sink->Receive(record);
  return true;
}

void StopReceiving(DestReceiver *) noexcept {}

// What messages tell of an export that they come out of.
struct ExportContext {
  ErrorContextCallback callback;
  const ExportRequest *request;
  bool may_read;  // whether the caller has the privileges on schema and table
};

void AddExportContext(void *argument) {
  const auto *context = static_cast<const ExportContext *>(argument);
  if (!context->may_read && geterrcode() == ERRCODE_INSUFFICIENT_PRIVILEGE) {
    errhint(
        "The owner of the extension grants access with cdr_grant_tenant or "
        "cdr_grant_all_tenants.");
  }
  errcontext("export of call detail records, %s", DescribeRange(*context->request));
}

// Runs the export with the access that the caller has now, however long it takes.
int32_t RunWithOneAccess(const ExportRequest &request, RecordSink &sink) {
  const Oid table = LockMemberTable("conferencecall2", AccessShareLock);
  const Extension extension = GetExtension();
  const ExportScope scope = FindExportScope(table, request);
  LimitingReceiver receiver = {
      {ReceiveRecord, StartReceiving, StopReceiving, StopReceiving, DestNone},
      ExportLimit(export_limit),
      &sink};
  ExportContext context = {
      {error_context_stack, AddExportContext, &context}, &request, CallerMayRead(extension, table)};
  error_context_stack = &context.callback;
  ParamListInfo params = ExportParams(request, scope);
  // One record more than the limit tells that there are too many, and where the limit was reached.
  const PlannedExport planned =
      PlanExport(extension, table, scope, params, receiver.limit.MaxRecords() + 1);
  RunPlannedExport(planned, params, &receiver.receiver, 0);
  if (request.tenant != nullptr && receiver.limit.Admitted() == 0) {
    NoticeUnknownTenant(table, request.tenant);
  }
  error_context_stack = context.callback.previous;

  if (receiver.limit.Exceeded()) {
    RefuseExport(extension, request, scope, receiver.limit);
  }
  return receiver.limit.Admitted();
}

}  // namespace

int32_t RunExport(const ExportRequest &request, RecordSink &sink) {
  CheckExportRequest(request);
  int32_t admitted = 0;
  FreezeAccess();
  PG_TRY();
  { admitted = RunWithOneAccess(request, sink); }
  PG_FINALLY();
  { UnfreezeAccess(); }
  PG_END_TRY();
  return admitted;
}

}  // namespace vidyo_cdr
