// The records of a range, as CSV from the server into an open file.
#pragma once

#include <cstdint>

#include "client/options.hpp"
#include "client/output_stream.hpp"
#include "client/progress.hpp"
#include "client/session.hpp"

namespace vidyo_cdr {

// Writes a range's file, as it comes, and returns how many records it has. Throws the server's
// errors.
int64_t WriteRecords(const Session &session, const Range &range, const FileFormat &format,
                     Progress &progress, OutputStream &out);

}  // namespace vidyo_cdr
