// From the executor to a sink.
#include "records/sink.hpp"

#include "records/prefetch.hpp"

namespace vidyo_cdr {

namespace {

void StartReceiving(DestReceiver *self, int, TupleDesc columns) noexcept {
  reinterpret_cast<SinkReceiver *>(self)->sink->Start(columns);
}

bool ReceiveRecord(TupleTableSlot *record, DestReceiver *self) noexcept {
  PrefetchRecords(record);
  return reinterpret_cast<SinkReceiver *>(self)->sink->Receive(record);
}

void StopReceiving(DestReceiver *) noexcept {}

}  // namespace

SinkReceiver::SinkReceiver(RecordSink *sink_of_records)
    : receiver{ReceiveRecord, StartReceiving, StopReceiving, StopReceiving, DestNone},
      sink(sink_of_records) {}

}  // namespace vidyo_cdr
