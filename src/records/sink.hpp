// Who takes the records that a query reads.
#pragma once

#include <type_traits>

#include "base/postgres.hpp"

namespace vidyo_cdr {

// Takes records. Sinks have nothing to destroy, and throw nothing: an error leaves the reading
// without running destructors, and they are called by the executor.
class RecordSink {
 public:
  // Before the first record, with the columns that are read, in the order of the table.
  virtual void Start(TupleDesc columns) noexcept = 0;

  // Each record, in order of JoinTime, and of CallID when it has one. The slot is valid during the
  // call only. Returns whether more records are wanted.
  virtual bool Receive(TupleTableSlot *record) noexcept = 0;

 protected:
  ~RecordSink() = default;
};

// Stands between the executor and a sink.
struct SinkReceiver {
  explicit SinkReceiver(RecordSink *sink_of_records);

  DestReceiver receiver;  // first, so that the executor's pointer is also ours
  RecordSink *sink;
};
static_assert(std::is_trivially_destructible_v<SinkReceiver>);

}  // namespace vidyo_cdr
