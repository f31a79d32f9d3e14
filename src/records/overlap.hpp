// Reading the records that usage figures of a range are made of: those that touch it, whenever they
// began.
#pragma once

#include "base/postgres.hpp"
#include "core/columns.hpp"
#include "records/reader.hpp"

namespace vidyo_cdr {

// Reads these columns, among them JoinTime, of all records that touch the range, and perhaps of
// some others that joined before it, as the current user, in the active snapshot, and hands them to
// the sink in order of JoinTime. open_since: open calls that joined earlier are taken for dead, and
// last no time. Returns how many there were. Runs inside WithOneAccess().
uint64 ReadTouchingRecords(const RecordSource &source, const RecordRequest &request,
                           ColumnSet columns, TimestampTz open_since, RecordSink &sink);

// Reads these columns of all connected records of the meetings whose first connected record joined
// in the range, meeting after meeting in order of that record's JoinTime and of UniqueCallID, those
// of a meeting in order of JoinTime and CallID. endpoint_types: an array of text; nullptr for all.
uint64 ReadMeetings(const RecordSource &source, const RecordRequest &request, ColumnSet columns,
                    ArrayType *endpoint_types, RecordSink &sink);

}  // namespace vidyo_cdr
