// The errors that a request ends with when its records do not fit.
#pragma once

#include "core/export_limit.hpp"
#include "records/reader.hpp"

namespace vidyo_cdr {

// Raises 54000: tells the limit and the range, and hints at the latest end_time and midnight that
// fit and at export_cdr_ranges, or, when no end_time fits, at the way out. `limit` is one that has
// been exceeded.
[[noreturn]] void RefuseExport(const RecordSource &source, const RecordRequest &request,
                               const ExportLimit &limit);

// Raises 54000 when no ranges of at most max_records exist, since one moment has more; hints at the
// way out.
[[noreturn]] void RefuseRanges(const RecordSource &source, const RecordRequest &request,
                               int32_t max_records, TimestampTz moment);

}  // namespace vidyo_cdr
