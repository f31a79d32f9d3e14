// Reading UTF-8 as the Unicode Standard defines it (table 3-7).
#include "core/utf8.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

constexpr Utf8Character kNoCharacter = {kReplacementCharacter, 1, false};

// How many bytes a character has that begins so, with what they say of its code, and the least code
// that needs as many.
struct Lead {
  size_t size;
  char32_t bits;
  char32_t least;
};

Lead LeadOf(unsigned char byte) noexcept {
  if (byte >= 0xf0 && byte <= 0xf4) {
    return {4, byte & 0x07U, 0x10000};
  }
  if (byte >= 0xe0 && byte <= 0xef) {
    return {3, byte & 0x0fU, 0x800};
  }
  if (byte >= 0xc2 && byte <= 0xdf) {
    return {2, byte & 0x1fU, 0x80};
  }
  return {0, 0, 0};
}

}  // namespace

Utf8Character FirstCharacter(std::string_view text) noexcept {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) {
    return {first, 1, true};
  }
  const Lead lead = LeadOf(first);
  if (lead.size == 0 || lead.size > text.size()) {
    return kNoCharacter;
  }
  char32_t code = lead.bits;
  for (size_t i = 1; i < lead.size; i++) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0) != 0x80) {
      return kNoCharacter;
    }
    code = code << 6 | (byte & 0x3fU);
  }
  const bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < lead.least || is_surrogate || code > 0x10ffff) {
    return kNoCharacter;
  }
  return {code, lead.size, true};
}

}  // namespace vidyo_cdr
