// Memory for a sweep, up to what hash tables of a query may have.
#pragma once

#include <type_traits>

#include "base/postgres.hpp"
#include "core/usage/sweep.hpp"

namespace vidyo_cdr {

class SweepMemory {
 public:
  // Takes memory from a context that is made in the current one.
  SweepMemory();

  Memory Get() { return {Resize, this}; }

  // For what belongs to one record.
  MemoryContext RowContext() const { return row_context_; }

  // Raises 53200, 54000 or XX000 unless the sweep goes on.
  void Check(SweepStatus status) const;

 private:
  static void *Resize(void *block, size_t old_size, size_t new_size, void *owner) noexcept;

  MemoryContext context_;
  MemoryContext row_context_;
  size_t limit_;
  size_t used_ = 0;
};
static_assert(std::is_trivially_destructible_v<SweepMemory>);

// How many rows a call of cdr_usage may have.
inline constexpr int64_t kMaxUsageRows = 10000000;

}  // namespace vidyo_cdr
