// Running the query behind an export.
#include "records/reader.hpp"

#include "records/plan.hpp"

namespace vidyo_cdr {

RecordSource OpenRecords(const RecordRequest &request) {
  const Oid table = LockMemberTable("conferencecall2", AccessShareLock);
  return {GetExtension(), table, FindRecordScope(table, request)};
}

uint64 ReadRecords(const RecordSource &source, const RecordRequest &request,
                   const ReadExtent &extent, RecordSink &sink) {
  SinkReceiver receiver(&sink);
  ParamListInfo params = ReadParams(request, source.scope);
  const PlannedRead planned =
      PlanRead(source.extension, source.table, source.scope, params, extent);
  return RunPlannedRead(planned, params, &receiver.receiver, 0);
}

}  // namespace vidyo_cdr
