// What the trail tells of an export.
#pragma once

#include "access/trail.hpp"
#include "base/postgres.hpp"
#include "records/request.hpp"

namespace vidyo_cdr {

// Begins the line of an export that `function` was called for, as BeginTrail() does. profile: of a
// file, or nullptr.
Trail *BeginExportTrail(MemoryContext context, const char *function, const RecordRequest &request,
                        const char *profile);

}  // namespace vidyo_cdr
