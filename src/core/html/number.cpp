// Writing numbers digit by digit, of integers that count their last decimal.
#include "core/html/number.hpp"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

constexpr std::string_view kMinus = "\xe2\x88\x92";  // U+2212, as wide as a plus
constexpr int64_t kPowers[] = {1, 10, 100};

// A number in units of its last decimal, without its sign.
struct Rounded {
  bool is_negative;
  int64_t units;
};

Rounded RoundTo(double value, int decimals) noexcept {
  const double size = std::abs(value);
  // The comparison fails for what is no number, too.
  const double bounded = size < kLargestNumber ? size : kLargestNumber;
  const auto units = static_cast<int64_t>(bounded * static_cast<double>(kPowers[decimals]) + 0.5);
  return {value < 0 && units != 0, units};
}

char *WriteText(char *out, std::string_view text) noexcept {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

char *WriteDigits(char *out, int64_t value, bool has_commas) noexcept {
  char digits[kMaxNumberSize];
  char *const end = digits + sizeof digits;
  char *begin = end;
  int count = 0;
  do {
    if (has_commas && count > 0 && count % 3 == 0) {
      *--begin = ',';
    }
    *--begin = static_cast<char>('0' + value % 10);
    value /= 10;
    count++;
  } while (value > 0);
  return WriteText(out, {begin, static_cast<size_t>(end - begin)});
}

char *WriteDecimals(char *out, int64_t units, int decimals) noexcept {
  *out++ = '.';
  for (int place = decimals - 1; place >= 0; place--) {
    *out++ = static_cast<char>('0' + units / kPowers[place] % 10);
  }
  return out;
}

// The units that large numbers are counted in.
struct Unit {
  double size;
  char sign;
};
constexpr Unit kUnits[] = {{1e12, 'T'}, {1e9, 'B'}, {1e6, 'M'}, {1e3, 'k'}};

// Writes a number with a decimal if it is below 10 and not a whole one.
char *WriteFewDigits(char *out, double value) noexcept {
  const Rounded tenths = RoundTo(value, 1);
  const bool is_whole = std::abs(value) == static_cast<double>(RoundTo(value, 0).units);
  const bool has_decimal = tenths.units < 100 && !is_whole;
  return WriteNumber(out, value, has_decimal ? 1 : 0);
}

}  // namespace

char *WriteNumber(char *out, double value, int decimals) noexcept {
  const Rounded rounded = RoundTo(value, decimals);
  if (rounded.is_negative) {
    out = WriteText(out, kMinus);
  }
  out = WriteDigits(out, rounded.units / kPowers[decimals], true);
  return decimals == 0 ? out : WriteDecimals(out, rounded.units, decimals);
}

char *WriteShortNumber(char *out, double value) noexcept {
  const double size = std::abs(value);
  for (const Unit &unit : kUnits) {
    // What would be rounded to 1,000 of a unit is 1 of the next.
    if (size >= 0.9995 * unit.size) {
      out = WriteFewDigits(out, value / unit.size);
      *out++ = unit.sign;
      return out;
    }
  }
  return WriteFewDigits(out, value);
}

char *WriteCoordinate(char *out, double value) noexcept {
  const Rounded tenths = RoundTo(value, 1);
  if (tenths.is_negative) {
    *out++ = '-';
  }
  out = WriteDigits(out, tenths.units / 10, false);
  return tenths.units % 10 == 0 ? out : WriteDecimals(out, tenths.units, 1);
}

}  // namespace vidyo_cdr
