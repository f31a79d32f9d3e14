// Where a spreadsheet needs an apostrophe, and where one was put.
#include "core/csv/spreadsheet_guard.hpp"

#include <cstring>

#include "core/csv/spreadsheet_number.hpp"
#include "core/text_from.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

// What stands in front of the first byte: nothing, which begins a cell.
constexpr char kTextBegin = '\n';

constexpr bool EndsACell(char byte) noexcept {
  return byte == ',' || byte == ';' || byte == '\t' || byte == '\n' || byte == '\r';
}

constexpr bool IsSkippedInFront(char byte) noexcept { return byte == ' ' || byte == '"'; }

// Whether the text begins with a sign that makes a formula of it.
bool BeginsAsFormula(std::string_view text) noexcept {
  switch (text.empty() ? '\0' : text.front()) {
    case '=':
    case '+':
    case '-':
    case '@':
      return true;
    case '\xEF':
      break;
    default:
      return false;
  }
  for (const std::string_view full_width : {"\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"}) {
    if (text.substr(0, full_width.size()) == full_width) {
      return true;
    }
  }
  return false;
}

// Whether a cell that begins with this text could be taken for a formula, or for a guarded one.
bool BeginsDangerously(std::string_view cell) noexcept {
  switch (cell.empty() ? '\0' : cell.front()) {
    case '\'':
    case '\t':
    case '\r':
    case '\n':
      return true;
    default:
      break;
  }
  while (!cell.empty() && IsSkippedInFront(cell.front())) {
    cell.remove_prefix(1);
  }
  return BeginsAsFormula(cell);
}

// Whether an apostrophe belongs between the byte `before` and the text `behind`.
inline bool IsGuarded(char before, std::string_view behind) noexcept {
  if (!EndsACell(before)) {
    return false;
  }
  const bool is_line_end = before == '\r' && !behind.empty() && behind.front() == '\n';
  return !is_line_end && BeginsDangerously(behind);
}

// The same at a text's first byte.
inline bool IsGuardedAtBegin(std::string_view text) noexcept {
  return IsGuarded(kTextBegin, text) || IsSpreadsheetNumber(text);
}

}  // namespace

bool NeedsSpreadsheetGuard(std::string_view text) noexcept {
  if (IsGuardedAtBegin(text)) {
    return true;
  }
  for (size_t place = 1; place < text.size(); place++) {
    if (IsGuarded(text[place - 1], TextFrom(text, place))) {
      return true;
    }
  }
  return false;
}

bool NeedsSpreadsheetGuard(int64_t number) noexcept {
  constexpr int64_t kFirstRounded = 1000000000000000;  // 16 digits
  return number >= kFirstRounded || number <= -kFirstRounded;
}

bool NeedsSpreadsheetGuardIpv4(const unsigned char *octets) noexcept {
  return octets[1] >= 100 && octets[2] >= 100 && octets[3] >= 100;
}

char *WriteSpreadsheetGuarded(char *out, std::string_view text) noexcept {
  if (IsGuardedAtBegin(text)) {
    *out++ = '\'';
  }
  for (size_t place = 0; place < text.size(); place++) {
    if (place > 0 && IsGuarded(text[place - 1], TextFrom(text, place))) {
      *out++ = '\'';
    }
    *out++ = text[place];
  }
  return out;
}

// Apostrophes must stand exactly where the text without them needs them. What is looked at behind
// one ends at the next separator, or does not tell apostrophes from blanks, so that the apostrophes
// further on do not matter.
bool HasSpreadsheetGuard(std::string_view text) noexcept {
  bool has_guard = false;
  for (size_t place = 0; place < text.size(); place++) {
    const char before = place == 0 ? kTextBegin : text[place - 1];
    if (!EndsACell(before)) {
      continue;
    }
    const bool is_there = text[place] == '\'';
    const std::string_view behind = TextFrom(text, is_there ? place + 1 : place);
    if (is_there != (place == 0 ? IsGuardedAtBegin(behind) : IsGuarded(before, behind))) {
      return false;
    }
    has_guard = has_guard || is_there;
  }
  return has_guard;
}

char *RemoveSpreadsheetGuard(char *out, std::string_view text) noexcept {
  if (!HasSpreadsheetGuard(text)) {
    if (!text.empty()) {
      std::memmove(out, text.data(), text.size());
    }
    return out + text.size();
  }
  char before = kTextBegin;
  for (const char byte : text) {
    if (!(EndsACell(before) && byte == '\'')) {
      *out++ = byte;
    }
    before = byte;
  }
  return out;
}

}  // namespace vidyo_cdr
