// Numbers for people.
#pragma once

#include <cstdint>
#include <string>

namespace vidyo_cdr {

// "1,234,567"
std::string WithCommas(int64_t number);

// "1 record" or "65,000 records": a number with its noun, in the plural if need be.
std::string Counted(int64_t number, const std::string &noun);

// "20.7 MB"
std::string Megabytes(int64_t bytes);

// "1:05:09", or "0:07"
std::string ClockTime(int64_t seconds);

}  // namespace vidyo_cdr
