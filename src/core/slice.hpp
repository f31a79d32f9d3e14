// Values of the caller's, one behind the other, to look at.
#pragma once

#include <cstddef>

namespace vidyo_cdr {

template <typename Value>
struct Slice {
  const Value *items = nullptr;
  size_t count = 0;

  constexpr Slice() noexcept = default;
  constexpr Slice(const Value *first, size_t size) noexcept : items(first), count(size) {}
  template <size_t N>
  constexpr Slice(const Value (&array)[N]) noexcept : items(array), count(N) {}

  const Value &operator[](size_t index) const noexcept { return items[index]; }
  const Value *begin() const noexcept { return items; }
  const Value *end() const noexcept { return items + count; }
};

}  // namespace vidyo_cdr
