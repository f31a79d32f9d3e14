// What all calls that take start_time, end_time and tenant have in common: how the records of their
// request are read.
#pragma once

#include "base/postgres.hpp"
#include "records/reader.hpp"

namespace vidyo_cdr {

// Reads so much of the requested records as the current user, in the active snapshot and with the
// access that it has now, and hands them to the sink. Messages tell that they come out of the
// `purpose`, such as "export", and its range; a NOTICE tells of a tenant without records. Returns
// where the records are. Raises 22023 when start_time is after end_time, 42501 without the
// privilege to read them, and what LockMemberTable() raises when the table is not to be had.
RecordSource ReadRequestedRecords(const RecordRequest &request, const char *purpose,
                                  const ReadExtent &extent, RecordSink &sink);

}  // namespace vidyo_cdr
