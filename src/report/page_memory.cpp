// Memory of PostgreSQL's for what the core lets grow.
#include "report/page_memory.hpp"

namespace vidyo_cdr {

namespace {

void *Resize(void *block, size_t, size_t new_size, void *context) noexcept {
  return block == nullptr ? MemoryContextAllocHuge(static_cast<MemoryContext>(context), new_size)
                          : repalloc_huge(block, new_size);
}

}  // namespace

Memory MemoryOf(MemoryContext context) { return {Resize, context}; }

}  // namespace vidyo_cdr
