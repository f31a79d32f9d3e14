// The portal's export limit: counts the records of one export and remembers what an error has to
// say.
#pragma once

#include <cstddef>
#include <cstdint>

namespace vidyo_cdr {

// The greatest number of records in one export (the portal's CDR Access page).
inline constexpr int32_t kMaxExportRecords = 65000;

// Feed it the records of an export in order of JoinTime, one more than the limit at the most.
// Times are whole numbers that grow with time; their unit and origin do not matter here.
class ExportLimit {
 public:
  // max_records: how many records may pass, 1 to kMaxExportRecords.
  explicit ExportLimit(int32_t max_records) noexcept;

  // Takes the next record. False: it is one too many, and no further record is wanted.
  bool Admit(int64_t join_time) noexcept;

  // How many records have passed.
  int32_t Admitted() const noexcept { return admitted_; }

  // True once a record has been turned away.
  bool Exceeded() const noexcept { return exceeded_; }

  // How many records may pass.
  int32_t MaxRecords() const noexcept { return max_records_; }

  // True when some end_time behind the first record keeps the export within the limit. Only
  // meaningful when Exceeded().
  bool SomeEndFits() const noexcept { return largest_end_ > first_join_time_; }

  // The largest exclusive end_time within the limit: the JoinTime of the record turned away, since
  // all records before that moment fit and any later end_time lets that record in.
  // Only meaningful when Exceeded() and SomeEndFits().
  int64_t LargestEnd() const noexcept { return largest_end_; }

  // JoinTime of the first record.
  int64_t FirstJoinTime() const noexcept { return first_join_time_; }

 private:
  int32_t max_records_;
  int32_t admitted_ = 0;
  bool exceeded_ = false;
  int64_t first_join_time_ = 0;
  int64_t largest_end_ = 0;
};

// Room for any number of records as FormatRecordCount() writes it, with the closing NUL.
inline constexpr size_t kRecordCountSize = 32;

// Writes a number of records for people, "1 record" or "65,000 records", into text and returns
// text.
const char *FormatRecordCount(int32_t count, char (&text)[kRecordCountSize]) noexcept;

}  // namespace vidyo_cdr
