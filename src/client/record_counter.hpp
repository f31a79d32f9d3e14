// Counts the records in the text of a CSV file.
#pragma once

#include <cstdint>
#include <string_view>

namespace vidyo_cdr {

// Takes the text in pieces. A record, or the header, ends with a line feed that is not inside of
// quotation marks; a doubled quotation mark counts as an end and a begin.
class RecordCounter {
 public:
  void Add(std::string_view text) noexcept;

  int64_t Lines() const noexcept { return lines_; }

 private:
  bool is_quoted_ = false;
  int64_t lines_ = 0;
};

}  // namespace vidyo_cdr
