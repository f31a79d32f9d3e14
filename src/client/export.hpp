// The export itself: from the command line's wishes to files.
#pragma once

#include "client/options.hpp"

namespace vidyo_cdr {

// Exports, or lists what would be exported. Throws an Error.
void RunExport(const Options &options);

}  // namespace vidyo_cdr
