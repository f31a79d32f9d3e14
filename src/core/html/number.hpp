// Numbers as a person writes them: 1,234.5. The same whatever the locale.
#pragma once

#include <cstddef>

namespace vidyo_cdr {

// Room that any of these needs.
inline constexpr size_t kMaxNumberSize = 32;

// Beyond it, and for what is no number, the largest is written.
inline constexpr double kLargestNumber = 1e15;

// Writes a number with so many decimals (0 to 2), rounded half away from zero, and its thousands
// apart by commas, to out. Returns the end.
char *WriteNumber(char *out, double value, int decimals) noexcept;

// Writes a number for little room, with one decimal where it is short: 0.4, 37, 1.2k, 250k, 3M.
char *WriteShortNumber(char *out, double value) noexcept;

// Writes a number for a machine, with one decimal at most: -3, 1234.5.
char *WriteCoordinate(char *out, double value) noexcept;

}  // namespace vidyo_cdr
