// The error that an export over the limit ends with.
#pragma once

#include "core/export_limit.hpp"
#include "records/reader.hpp"

namespace vidyo_cdr {

// Raises 54000: tells the limit and the range, and hints at the latest end_time that fits, or,
// when none does, at the way out. `limit` is one that has been exceeded.
[[noreturn]] void RefuseExport(const RecordSource &source, const RecordRequest &request,
                               const ExportLimit &limit);

}  // namespace vidyo_cdr
