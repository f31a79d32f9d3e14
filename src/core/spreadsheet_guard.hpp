// Keeps a spreadsheet from running text as a formula or rounding long numbers: such text gets an
// apostrophe in front. A text that has one already gets another, so that taking off one apostrophe
// at each place gives the text back exactly. Plain C++.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vidyo_cdr {

// Whether the text needs an apostrophe somewhere: where a cell begins, or where one would begin if
// the file was opened with another separator (behind , ; TAB or a line break), in front of
// = + - @ TAB CR LF, their full-width forms, or an apostrophe (OWASP, "CSV Injection"); or in front
// of digits that a spreadsheet would change: more than 15 of them, or zeros in front.
bool NeedsSpreadsheetGuard(std::string_view text) noexcept;

// Whether a spreadsheet would round the number.
bool NeedsSpreadsheetGuard(int64_t number) noexcept;

// Room that WriteSpreadsheetGuarded() needs for a text of that size in bytes.
constexpr size_t MaxSpreadsheetGuardedSize(size_t text_size) noexcept { return 2 * text_size + 1; }

// Writes the text with its apostrophes to out and returns the end.
char *WriteSpreadsheetGuarded(char *out, std::string_view text) noexcept;

}  // namespace vidyo_cdr
