// Numbers for people.
#include "client/numbers.hpp"

#include <cstdio>

namespace vidyo_cdr {

namespace {

template <typename... Values>
std::string Format(const char *format, Values... values) {
  char text[64];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

}  // namespace

std::string WithCommas(int64_t number) {
  std::string text = std::to_string(number);
  for (size_t end = text.size(); end > 3;) {
    end -= 3;
    if (text[end - 1] != '-') {
      text.insert(end, ",");
    }
  }
  return text;
}

std::string Counted(int64_t number, const std::string &noun) {
  return WithCommas(number) + " " + noun + (number == 1 ? "" : "s");
}

std::string Megabytes(int64_t bytes) { return Format("%.1f MB", static_cast<double>(bytes) / 1e6); }

std::string ClockTime(int64_t seconds) {
  const auto part = [](int64_t number) { return static_cast<int>(number); };
  const int64_t hours = seconds / 3600;
  return hours > 0
             ? Format("%d:%02d:%02d", part(hours), part(seconds / 60 % 60), part(seconds % 60))
             : Format("%d:%02d", part(seconds / 60), part(seconds % 60));
}

}  // namespace vidyo_cdr
