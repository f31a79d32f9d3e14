// Writing references.
#include "core/html/ascii.hpp"

#include <charconv>
#include <cstring>

#include "core/text_from.hpp"
#include "core/utf8.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

bool AddBytes(std::string_view bytes, GrowingArray<char> *out) noexcept {
  char *const added = out->Extend(bytes.size());
  if (added != nullptr) {
    std::memcpy(added, bytes.data(), bytes.size());
  }
  return added != nullptr;
}

bool AddReference(char32_t code, GrowingArray<char> *out) noexcept {
  char text[16] = "&#x";
  char *const end = std::to_chars(text + 3, text + 12, static_cast<uint32_t>(code), 16).ptr;
  *end = ';';
  return AddBytes({text, static_cast<size_t>(end + 1 - text)}, out);
}

}  // namespace

bool AddAscii(std::string_view html, GrowingArray<char> *ascii) noexcept {
  size_t plain = 0;
  while (plain < html.size()) {
    if (static_cast<unsigned char>(html[plain]) < 0x80) {
      plain++;
      continue;
    }
    const Utf8Character character = FirstCharacter(TextFrom(html, plain));
    if ((plain > 0 && !AddBytes(html.substr(0, plain), ascii)) ||
        !AddReference(character.code, ascii)) {
      return false;
    }
    html.remove_prefix(plain + character.size);
    plain = 0;
  }
  return html.empty() || AddBytes(html, ascii);
}

}  // namespace vidyo_cdr
