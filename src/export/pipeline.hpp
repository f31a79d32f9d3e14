// The one way in which records leave the table: a query, run as the caller, whose records are
// counted against the limit and handed to a sink. Every form of export is a sink.
#pragma once

#include "records/request.hpp"
#include "base/postgres.hpp"

namespace vidyo_cdr {

// Takes the records of one export. A sink must hold its output back until RunExport() has returned,
// because only then it is certain that the export is within the limit.
// Sinks have nothing to destroy, and throw nothing: an error leaves RunExport() without running
// destructors, and they are called by the executor.
class RecordSink {
 public:
  // Before the first record, with the columns in the order of the table.
  virtual void Start(TupleDesc columns) noexcept = 0;

  // Each record, in order of JoinTime and CallID. The slot is valid during the call only.
  virtual void Receive(TupleTableSlot *record) noexcept = 0;

 protected:
  ~RecordSink() = default;
};

// Reads the requested records of the extension's ConferenceCall2 as the current user, in the active
// snapshot, hands them to the sink and returns their number. Raises 22023 when start_time is after
// end_time, 54000 when there are more than export_limit records, 42501 without the privilege to
// read them, and what LockMemberTable() raises when the table is not to be had.
int32_t RunExport(const ExportRequest &request, RecordSink &sink);

}  // namespace vidyo_cdr
