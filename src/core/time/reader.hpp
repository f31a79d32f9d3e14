// Reads a time as the portal and PostgreSQL's DateStyle ISO write it.
#pragma once

#include <cstdint>
#include <string_view>

namespace vidyo_cdr {

// A time as it is written.
struct WrittenTime {
  int64_t seconds = 0;  // since 2000-01-01 00:00: UTC with an offset, of the wall clock without
  int32_t microseconds = 0;  // of the second, 0 to 999999
  bool has_offset = false;
};

// The first and the last moment that PostgreSQL's timestamptz can hold, in microseconds since
// 2000-01-01 00:00 UTC: 4714-11-24 BC, inclusive, and 294277-01-01, exclusive
// (datatype/timestamp.h).
constexpr int64_t kFirstMoment = -211813488000000000;
constexpr int64_t kMomentsEnd = 9223371331200000000;

// Reads YYYY-MM-DD HH:MM:SS, with an optional fraction of up to six digits, an optional offset (Z
// or +HH[[:]MM[:SS]]), and an optional " BC"; T may stand for the blank. Returns false when the
// text is anything else, or no day of the calendar.
bool ReadTime(std::string_view text, WrittenTime *time) noexcept;

// Whether the text is a time as PostgreSQL's other DateStyles write it (SQL, German, Postgres), in
// which day and month cannot be told apart for sure.
bool IsOtherDateStyle(std::string_view text) noexcept;

}  // namespace vidyo_cdr
