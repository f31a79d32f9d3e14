// Cutting a range of time into consecutive half-open ranges that each hold at most so many records,
// each as long as possible. Where one ends is where ExportLimit says that an export of it may end.
#pragma once

#include <cstdint>

namespace vidyo_cdr {

// What a record means for the range that it comes in.
enum class Cut {
  kNone,        // it fits
  kHere,        // the range ends before the record's JoinTime, where the next one begins
  kImpossible,  // more records have this JoinTime than a range may hold
};

// Takes the JoinTimes of a range's records in order, and knows where it must be cut.
class RangeCutter {
 public:
  // max_records: how many a range may hold, 1 or more.
  explicit RangeCutter(int32_t max_records) noexcept;

  // Takes the next record, whose moment is not before the last one's. Takes no more after
  // kImpossible.
  Cut Add(int64_t join_time) noexcept;

  // How many records the range has that the last kHere ended.
  int32_t CutRecords() const noexcept { return cut_records_; }

  // How many records the last range has so far.
  int32_t Records() const noexcept { return earlier_ + at_moment_; }

  // The JoinTime of the last record. Only meaningful when there was one.
  int64_t Moment() const noexcept { return moment_; }

 private:
  int32_t max_records_;
  int64_t moment_ = 0;
  int32_t at_moment_ = 0;  // records of the last range that have the last JoinTime
  int32_t earlier_ = 0;    // its other records
  int32_t cut_records_ = 0;
};

}  // namespace vidyo_cdr
