// Checking files against their manifest.
#pragma once

#include <string>

namespace vidyo_cdr {

// Prints for each file whether it is as the manifest lists it; throws when one is not. A folder
// stands for the manifest in it.
void VerifyManifest(const std::string &path, bool is_quiet);

}  // namespace vidyo_cdr
