// Tells which texts a spreadsheet would turn into something else.
#pragma once

#include <string_view>

namespace vidyo_cdr {

// Whether a spreadsheet could make a number, a date, a time or a truth value of the text, in
// English or German, that does not show the same text again. Apostrophes in the text, which Swiss
// numbers have between thousands, make no difference beside other signs.
bool IsSpreadsheetNumber(std::string_view text) noexcept;

}  // namespace vidyo_cdr
