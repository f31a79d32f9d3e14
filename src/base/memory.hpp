// Memory of PostgreSQL's contexts with less ceremony.
#pragma once

#include <type_traits>

#include "base/postgres.hpp"
#include "core/growing_array.hpp"

namespace vidyo_cdr {

// Room for that many values in the current memory context, which nothing has set.
template <typename Value>
Value *AllocateArray(int64_t count) {
  return static_cast<Value *>(palloc(sizeof(Value) * static_cast<size_t>(count)));
}

// Gives a block of a context (nullptr: a new one) that size. Raises 53200 when there is no memory.
inline void *ResizeBlock(MemoryContext context, void *block, size_t size) {
  return block == nullptr ? MemoryContextAllocHuge(context, size) : repalloc_huge(block, size);
}

// A context's memory for what the core lets grow; it is never short of it, since ResizeBlock()
// raises.
inline Memory MemoryOf(MemoryContext context) {
  return {[](void *block, size_t, size_t new_size, void *owner) noexcept {
            return ResizeBlock(static_cast<MemoryContext>(owner), block, new_size);
          },
          context};
}

// Runs work() in a memory context, and returns its result. After an error PostgreSQL sets the
// context by itself.
template <typename Work>
auto InMemoryContext(MemoryContext context, const Work &work) {
  const MemoryContext caller_context = MemoryContextSwitchTo(context);
  if constexpr (std::is_void_v<decltype(work())>) {
    work();
    MemoryContextSwitchTo(caller_context);
  } else {
    auto result = work();
    MemoryContextSwitchTo(caller_context);
    return result;
  }
}

}  // namespace vidyo_cdr
