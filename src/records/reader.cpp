// From the executor to a sink.
#include "records/reader.hpp"

#include "records/plan.hpp"
#include "records/prefetch.hpp"

namespace vidyo_cdr {

namespace {

// Stands between the executor and the sink.
struct SinkReceiver {
  DestReceiver receiver;  // first, so that the executor's pointer is also ours
  RecordSink *sink;
};
static_assert(std::is_trivially_destructible_v<SinkReceiver>);

void StartReceiving(DestReceiver *self, int, TupleDesc columns) noexcept {
  reinterpret_cast<SinkReceiver *>(self)->sink->Start(columns);
}

bool ReceiveRecord(TupleTableSlot *record, DestReceiver *self) noexcept {
  PrefetchRecords(record);
  return reinterpret_cast<SinkReceiver *>(self)->sink->Receive(record);
}

void StopReceiving(DestReceiver *) noexcept {}

}  // namespace

RecordSource OpenRecords(const RecordRequest &request) {
  const Oid table = LockMemberTable("conferencecall2", AccessShareLock);
  return {GetExtension(), table, FindRecordScope(table, request)};
}

uint64 ReadRecords(const RecordSource &source, const RecordRequest &request,
                   const ReadExtent &extent, RecordSink &sink) {
  SinkReceiver receiver = {{ReceiveRecord, StartReceiving, StopReceiving, StopReceiving, DestNone},
                           &sink};
  ParamListInfo params = ReadParams(request, source.scope);
  const PlannedRead planned =
      PlanRead(source.extension, source.table, source.scope, params, extent);
  return RunPlannedRead(planned, params, &receiver.receiver, 0);
}

}  // namespace vidyo_cdr
