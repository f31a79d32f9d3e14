// What holds for the spreadsheet guard with any text, told without its rules: the unit tests and
// the fuzz target hold it to this.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "core/csv/spreadsheet_guard.hpp"

namespace vidyo_cdr {

// The text in memory that ends where it does, so that a sanitizer sees the end.
class ExactText {
 public:
  explicit ExactText(const std::string &text) : bytes_(new char[text.size()]), size_(text.size()) {
    std::copy(text.begin(), text.end(), bytes_.get());
  }
  char *Bytes() const { return bytes_.get(); }
  std::string_view View() const { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<char[]> bytes_;
  size_t size_;
};

inline std::string Guarded(const std::string &text) {
  const ExactText exact(text);
  std::string out(MaxSpreadsheetGuardedSize(text.size()), '?');
  out.resize(static_cast<size_t>(WriteSpreadsheetGuarded(out.data(), exact.View()) - out.data()));
  return out;
}

inline std::string Unguarded(const std::string &text) {
  const ExactText exact(text);
  const ExactText out(text);
  const char *end = RemoveSpreadsheetGuard(out.Bytes(), exact.View());
  return {out.Bytes(), static_cast<size_t>(end - out.Bytes())};
}

inline std::string UnguardedInPlace(const std::string &text) {
  const ExactText exact(text);
  const char *end = RemoveSpreadsheetGuard(exact.Bytes(), exact.View());
  return {exact.Bytes(), static_cast<size_t>(end - exact.Bytes())};
}

// Takes one apostrophe off wherever a cell begins with one, knowing nothing of the rules.
inline std::string WithoutApostrophes(const std::string &text) {
  std::string out;
  bool begins = true;
  for (const char byte : text) {
    if (!(begins && byte == '\'')) {
      out += byte;
    }
    begins = std::string(",;\t\r\n").find(byte) != std::string::npos;
  }
  return out;
}

// Whether a spreadsheet that cuts the text into cells in any way meets a formula.
inline bool HasFormula(const std::string &text) {
  bool begins = true;
  for (size_t place = 0; place < text.size(); place++) {
    const std::string sign = text.substr(place, 3);
    if (begins && (std::string("=+-@").find(text[place]) != std::string::npos || sign == "\uFF1D" ||
                   sign == "\uFF0B" || sign == "\uFF0D" || sign == "\uFF20")) {
      return true;
    }
    const bool is_skipped = text[place] == ' ' || text[place] == '"';
    begins =
        (begins && is_skipped) || std::string(",;\t\r\n").find(text[place]) != std::string::npos;
  }
  return false;
}

// What is wrong with the guard of the text, and with what is taken off it; empty when nothing is.
inline std::string FindGuardFault(const std::string &text) {
  const std::string guarded = Guarded(text);
  if (NeedsSpreadsheetGuard(text) != (guarded != text)) {
    return "needs a guard otherwise than it gets one";
  }
  if (HasFormula(guarded)) {
    return "still has a formula: " + guarded;
  }
  if (text.find("\r\n") != std::string::npos && guarded.find("\r\n") == std::string::npos) {
    return "loses its CR LF: " + guarded;
  }
  if (HasSpreadsheetGuard(guarded) != (guarded != text)) {
    return "the guard is not seen: " + guarded;
  }
  if (Unguarded(guarded) != text || UnguardedInPlace(guarded) != text) {
    return "does not come back: " + guarded + " gives " + Unguarded(guarded);
  }
  // The text as something that may or may not have been written by the guard.
  const std::string bare = WithoutApostrophes(text);
  const std::string expected = Guarded(bare) == text ? bare : text;
  if (Unguarded(text) != expected || UnguardedInPlace(text) != expected) {
    return "read as a guarded text it gives " + Unguarded(text) + ", not " + expected;
  }
  return "";
}

}  // namespace vidyo_cdr
