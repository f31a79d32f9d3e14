// Memory of PostgreSQL's for what the core lets grow.
#pragma once

#include "base/postgres.hpp"
#include "core/growing_array.hpp"

namespace vidyo_cdr {

// Memory of a context, which frees it. What is not to be had is an error of PostgreSQL's.
Memory MemoryOf(MemoryContext context);

}  // namespace vidyo_cdr
