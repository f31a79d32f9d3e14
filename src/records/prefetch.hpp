// Fetches records into the processor's cache before they are read.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

// Asks for the memory of a record that an export has come to, and of the one behind it in the
// table, which mostly comes next. Does nothing for records that are not in a shared buffer.
void PrefetchRecords(const TupleTableSlot *record);

}  // namespace vidyo_cdr
