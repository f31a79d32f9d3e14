// Characters of a UTF-8 text.
#pragma once

#include <cstddef>
#include <string_view>

namespace vidyo_cdr {

// What a page shows in place of what it cannot show.
inline constexpr char32_t kReplacementCharacter = 0xfffd;

struct Utf8Character {
  char32_t code;  // kReplacementCharacter: the byte is no part of a character
  size_t size;    // in bytes
  bool is_valid;
};

// The first character of a text that is not empty. Overlong forms, surrogates and codes above
// U+10FFFF are no characters; of what is none, the first byte is given.
Utf8Character FirstCharacter(std::string_view text) noexcept;

}  // namespace vidyo_cdr
