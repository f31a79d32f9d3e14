// Where a spreadsheet needs an apostrophe.
#include "core/spreadsheet_guard.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

// A spreadsheet keeps this many digits of a number.
constexpr size_t kSpreadsheetDigits = 15;

// Whether the text is digits that a spreadsheet would round, or rid of zeros in front.
bool IsChangedNumber(std::string_view text) noexcept {
  const bool has_zeros_in_front = text.size() > 1 && text[0] == '0';
  if (text.size() <= kSpreadsheetDigits && !has_zeros_in_front) {
    return false;
  }
  for (const char byte : text) {
    if (byte < '0' || byte > '9') {
      return false;
    }
  }
  return true;
}

bool EndsACell(char byte) noexcept {
  return byte == ',' || byte == ';' || byte == '\t' || byte == '\n' || byte == '\r';
}

// Whether a cell that begins with this text could be taken for a formula, or for a guarded one.
bool BeginsDangerously(std::string_view cell) noexcept {
  switch (cell.empty() ? 'a' : cell.front()) {
    case '=':
    case '+':
    case '-':
    case '@':
    case '\t':
    case '\r':
    case '\n':
    case '\'':
      return true;
    default:
      break;
  }
  for (const std::string_view full_width : {"\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"}) {
    if (cell.substr(0, full_width.size()) == full_width) {
      return true;
    }
  }
  return false;
}

// Whether an apostrophe belongs in front of the byte at `place`.
bool IsGuarded(std::string_view text, size_t place) noexcept {
  return (place == 0 || EndsACell(text[place - 1])) && BeginsDangerously(text.substr(place));
}

}  // namespace

bool NeedsSpreadsheetGuard(std::string_view text) noexcept {
  if (IsChangedNumber(text)) {
    return true;
  }
  for (size_t place = 0; place < text.size(); place++) {
    if (IsGuarded(text, place)) {
      return true;
    }
  }
  return false;
}

bool NeedsSpreadsheetGuard(int64_t number) noexcept {
  constexpr int64_t kFirstRounded = 1000000000000000;  // 16 digits
  return number >= kFirstRounded || number <= -kFirstRounded;
}

char *WriteSpreadsheetGuarded(char *out, std::string_view text) noexcept {
  if (IsChangedNumber(text)) {
    *out++ = '\'';
  }
  for (size_t place = 0; place < text.size(); place++) {
    if (IsGuarded(text, place)) {
      *out++ = '\'';
    }
    *out++ = text[place];
  }
  return out;
}

}  // namespace vidyo_cdr
