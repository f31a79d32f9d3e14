// The rest of a text.
#pragma once

#include <cstddef>
#include <string_view>

namespace vidyo_cdr {

// The text from a place on, which is in it or at its end. substr() would throw elsewhere, which
// nothing here may.
inline std::string_view TextFrom(std::string_view text, size_t place) noexcept {
  text.remove_prefix(place);
  return text;
}

}  // namespace vidyo_cdr
