// An export into a folder, with a manifest.
#pragma once

#include "client/manifest.hpp"
#include "client/options.hpp"
#include "client/session.hpp"

namespace vidyo_cdr {

// Exports into the folder that the options name. If it has a manifest of the same request, what
// that lists and the folder lacks is exported, in the manifest's ranges; otherwise the ranges are
// planned.
void ExportToFolder(Session &session, const Request &request, const Options &options);

}  // namespace vidyo_cdr
