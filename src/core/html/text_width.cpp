// Widths of characters, by classes.
#include "core/html/text_width.hpp"

#include "core/text_from.hpp"
#include "core/utf8.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

constexpr double kEllipsisEms = 1;

// The first and last code of characters that are as wide as they are high.
struct Range {
  char32_t first;
  char32_t last;
};
constexpr Range kWide[] = {
    {0x1100, 0x115f}, {0x2e80, 0xa4cf}, {0xac00, 0xd7a3},   {0xf900, 0xfaff},
    {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0x1f000, 0x1faff}, {0x20000, 0x3fffd},
};

bool IsIn(std::string_view characters, char32_t code) noexcept {
  return code < 0x80 && characters.find(static_cast<char>(code)) != std::string_view::npos;
}

double EmsOf(char32_t code) noexcept {
  for (const Range &range : kWide) {
    if (code >= range.first && code <= range.last) {
      return 1.1;
    }
  }
  if (IsIn(" .,:;'|!()[]ijlI/", code)) {
    return 0.38;
  }
  if (IsIn("mwMW@%&", code)) {
    return 0.95;
  }
  return (code >= 'a' && code <= 'z') || (code >= '0' && code <= '9') ? 0.6 : 0.7;
}

}  // namespace

double TextEms(std::string_view text) noexcept {
  double ems = 0;
  while (!text.empty()) {
    const Utf8Character character = FirstCharacter(text);
    ems += EmsOf(character.code);
    text.remove_prefix(character.size);
  }
  return ems;
}

ShortenedText Shorten(std::string_view text, double ems) noexcept {
  double used = 0;
  size_t fitting = 0;  // with the ellipsis
  for (size_t place = 0; place < text.size();) {
    const Utf8Character character = FirstCharacter(TextFrom(text, place));
    used += EmsOf(character.code);
    if (used > ems) {
      return {text.substr(0, fitting), true};
    }
    place += character.size;
    if (used + kEllipsisEms <= ems) {
      fitting = place;
    }
  }
  return {text, false};
}

}  // namespace vidyo_cdr
