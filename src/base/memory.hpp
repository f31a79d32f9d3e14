// Memory of PostgreSQL's contexts with less ceremony.
#pragma once

#include <type_traits>

#include "base/postgres.hpp"

namespace vidyo_cdr {

// Room for that many values in the current memory context, which nothing has set.
template <typename Value>
Value *AllocateArray(int64_t count) {
  return static_cast<Value *>(palloc(sizeof(Value) * static_cast<size_t>(count)));
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
