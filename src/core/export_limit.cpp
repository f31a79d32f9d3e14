// Counting against the export limit; see the header for what each function promises.
#include "core/export_limit.hpp"

#include <charconv>
#include <cstring>

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

ExportLimit::ExportLimit(int32_t max_records) noexcept : max_records_(max_records) {}

bool ExportLimit::Admit(int64_t join_time) noexcept {
  if (admitted_ == 0) {
    first_join_time_ = join_time;
  }
  if (admitted_ == max_records_) {
    exceeded_ = true;
    largest_end_ = join_time;
    return false;
  }
  admitted_++;
  return true;
}

const char *FormatRecordCount(int32_t count, char (&text)[kRecordCountSize]) noexcept {
  char digits[16];
  const char *digits_end = std::to_chars(digits, digits + sizeof digits, count).ptr;

  char *out = text;
  for (const char *digit = digits; digit < digits_end; digit++) {
    const auto digits_left = digits_end - digit;
    if (digit > digits && digit[-1] != '-' && digits_left % 3 == 0) {
      *out++ = ',';
    }
    *out++ = *digit;
  }
  std::strcpy(out, count == 1 ? " record" : " records");
  return text;
}

}  // namespace vidyo_cdr
