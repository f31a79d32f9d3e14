// Columns of ConferenceCall2 in messages.
#pragma once

#include "core/columns.hpp"

namespace vidyo_cdr {

// The names of columns, with commas between them, in the current memory context.
char *ColumnNames(ColumnSet columns);

}  // namespace vidyo_cdr
