// Keeps a spreadsheet from running text as a formula and from making numbers, dates or truth values
// of it: such text gets apostrophes in front, which can be taken off again without loss.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vidyo_cdr {

// Whether the text needs an apostrophe somewhere. It does
// - where a cell begins, or would begin if the file was opened with another separator (behind , ;
//   TAB or a line break; CR LF is one), in front of an apostrophe, TAB, CR or LF, and of = + - @ or
//   their full-width forms, with blanks and quotes before them or without (OWASP, "CSV Injection");
// - at its beginning, when a spreadsheet would make something else of it: when it has a digit and
//   otherwise only . , : / % $ £ € ( ) + - ' blanks and words that belong to numbers and dates
//   (names of months and weekdays in English and German, AM, PM, E, T, CHF), or is TRUE, FALSE,
//   WAHR or FALSCH. Whole numbers of up to 15 digits without zeros in front are none of these,
//   and neither is what has the form of an IPv4 address, except 1.234.567.890 with dots between
//   thousands.
bool NeedsSpreadsheetGuard(std::string_view text) noexcept;

// Whether a spreadsheet would round the number.
bool NeedsSpreadsheetGuard(int64_t number) noexcept;

// Whether a spreadsheet could take the address for a number with dots between thousands.
bool NeedsSpreadsheetGuardIpv4(const unsigned char *octets) noexcept;

// Room that WriteSpreadsheetGuarded() needs for a text of that size in bytes.
constexpr size_t MaxSpreadsheetGuardedSize(size_t text_size) noexcept { return 2 * text_size + 1; }

// Writes the text with its apostrophes to out and returns the end.
char *WriteSpreadsheetGuarded(char *out, std::string_view text) noexcept;

// Whether the text is one that WriteSpreadsheetGuarded() put apostrophes into.
bool HasSpreadsheetGuard(std::string_view text) noexcept;

// Undoes WriteSpreadsheetGuarded(): writes the text without those apostrophes to out, which has
// text.size() bytes and may be where the text begins, and returns the end. A text without such a
// guard is written as it is. Takes back the guard of numbers and addresses as well.
char *RemoveSpreadsheetGuard(char *out, std::string_view text) noexcept;

}  // namespace vidyo_cdr
