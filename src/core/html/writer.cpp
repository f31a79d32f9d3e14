// Escaping, character by character.
#include "core/html/writer.hpp"

#include <cstring>

#include "core/html/number.hpp"
#include "core/html/text_width.hpp"
#include "core/text_from.hpp"
#include "core/utf8.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD
constexpr std::string_view kEllipsis = "\xe2\x80\xa6";     // U+2026

bool IsBetween(char32_t code, char32_t first, char32_t last) noexcept {
  return code >= first && code <= last;
}

// Whether a character may stand in a page.
bool IsShown(char32_t code) noexcept {
  const bool is_control =
      (code < 0x20 && code != '\t' && code != '\n') || IsBetween(code, 0x7f, 0x9f);
  const bool is_separator = IsBetween(code, 0x2028, 0x2029);
  const bool changes_direction = IsBetween(code, 0x202a, 0x202e) || IsBetween(code, 0x2066, 0x2069);
  const bool is_noncharacter = IsBetween(code, 0xfdd0, 0xfdef) || (code & 0xfffe) == 0xfffe;
  return !is_control && !is_separator && !changes_direction && !is_noncharacter;
}

// What is written in the place of a character; empty: itself.
std::string_view SubstituteFor(const Utf8Character &character) noexcept {
  switch (character.code) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return character.is_valid && IsShown(character.code) ? std::string_view() : kReplacement;
  }
}

}  // namespace

HtmlWriter &HtmlWriter::Append(std::string_view bytes) noexcept {
  if (!is_complete_ || bytes.empty()) {
    return *this;
  }
  char *const out = bytes_.Extend(bytes.size());
  if (out == nullptr) {
    is_complete_ = false;
    return *this;
  }
  std::memcpy(out, bytes.data(), bytes.size());
  return *this;
}

HtmlWriter &HtmlWriter::Text(std::string_view text) noexcept {
  size_t plain = 0;  // bytes in front that stand for themselves
  while (plain < text.size()) {
    const Utf8Character character = FirstCharacter(TextFrom(text, plain));
    const std::string_view substitute = SubstituteFor(character);
    if (substitute.empty()) {
      plain += character.size;
      continue;
    }
    Append(text.substr(0, plain)).Append(substitute);
    text.remove_prefix(plain + character.size);
    plain = 0;
  }
  return Append(text);
}

HtmlWriter &HtmlWriter::ShortText(std::string_view text, double ems) noexcept {
  const ShortenedText shortened = Shorten(text, ems);
  Text(shortened.text);
  return shortened.is_cut ? Append(kEllipsis) : *this;
}

HtmlWriter &HtmlWriter::Name(std::string_view name, double ems) noexcept {
  return Markup("<bdi>").ShortText(name, ems).Markup("</bdi>");
}

HtmlWriter &HtmlWriter::Number(double value, int decimals) noexcept {
  char number[kMaxNumberSize];
  return Append({number, static_cast<size_t>(WriteNumber(number, value, decimals) - number)});
}

HtmlWriter &HtmlWriter::ShortNumber(double value) noexcept {
  char number[kMaxNumberSize];
  return Append({number, static_cast<size_t>(WriteShortNumber(number, value) - number)});
}

HtmlWriter &HtmlWriter::Coordinate(double value) noexcept {
  char number[kMaxNumberSize];
  return Append({number, static_cast<size_t>(WriteCoordinate(number, value) - number)});
}

}  // namespace vidyo_cdr
