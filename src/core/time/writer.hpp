// Moments as text in a time zone, in PostgreSQL's ISO form or the portal's. The zone's
// rules come from the caller.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "core/time/zone_offset.hpp"

namespace vidyo_cdr {

enum class TimestampForm {
  kWithOffset,  // 2026-01-31 17:00:00.25-05: PostgreSQL's DateStyle ISO
  kWallClock,   // 2026-01-31 17:00:00: the portal's, without offset and fractions of a second
};

// Remembers offset and date of the moment before, since records come in order of time.
class TimestampWriter {
 public:
  // PostgreSQL's infinite timestamps.
  static constexpr int64_t kMinusInfinity = std::numeric_limits<int64_t>::min();
  static constexpr int64_t kInfinity = std::numeric_limits<int64_t>::max();

  // Room that Write() needs.
  static constexpr size_t kMaxSize = 48;

  // find_offset is called with `zone` whenever the offset is not known yet.
  TimestampWriter(TimestampForm form, FindZoneOffset find_offset, void *zone) noexcept;

  // Writes a moment, in microseconds since 2000-01-01 00:00 UTC, to out and returns the end.
  char *Write(char *out, int64_t utc_microseconds) noexcept;

 private:
  void TakeDate(int64_t day) noexcept;
  void TakeOffset(int64_t utc_seconds) noexcept;

  TimestampForm form_;
  FindZoneOffset find_offset_;
  void *zone_;
  ZoneOffset offset_;
  char offset_text_[16];
  size_t offset_size_ = 0;
  int64_t day_;
  char date_text_[16];
  size_t date_size_ = 0;
  bool before_christ_ = false;
};

}  // namespace vidyo_cdr
