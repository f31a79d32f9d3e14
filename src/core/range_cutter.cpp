// Cutting a range; see the header for what each function promises.
#include "core/range_cutter.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

RangeCutter::RangeCutter(int32_t max_records) noexcept : max_records_(max_records) {}

Cut RangeCutter::Add(int64_t join_time) noexcept {
  if (join_time != moment_) {
    earlier_ += at_moment_;
    at_moment_ = 0;
    moment_ = join_time;
  }
  if (at_moment_ == max_records_) {
    return Cut::kImpossible;
  }
  at_moment_++;
  if (Records() <= max_records_) {
    return Cut::kNone;
  }
  // The records of one moment stay together, so all of them go to the next range.
  cut_records_ = earlier_;
  earlier_ = 0;
  return Cut::kHere;
}

}  // namespace vidyo_cdr
