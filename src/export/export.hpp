// Exporting: reading records and holding them to the limit. Every form of export is a sink.
#pragma once

#include "base/postgres.hpp"
#include "records/reader.hpp"

namespace vidyo_cdr {

// Reads the requested records of the extension's ConferenceCall2 as the current user, in the active
// snapshot, hands them to the sink and returns their number. The sink must keep its output back
// until then, because only then it is certain that the export is within the limit. Raises 22023
// when start_time is after end_time, 54000 when there are more than export_limit records, 42501
// without the privilege to read them, and what LockMemberTable() raises when the table is not to be
// had.
int32_t RunExport(const RecordRequest &request, RecordSink &sink);

}  // namespace vidyo_cdr
