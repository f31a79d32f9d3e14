// HTML in ASCII, which every encoding has: so what is written in one and declared as another is
// right.
#pragma once

#include <string_view>

#include "core/growing_array.hpp"

namespace vidyo_cdr {

// Adds HTML in UTF-8 with each other character as a reference, &#xE9; for an e with an accent. That
// says the same in texts and attributes, and other places must not have such characters. Returns
// whether there was memory.
bool AddAscii(std::string_view html, GrowingArray<char> *ascii) noexcept;

}  // namespace vidyo_cdr
