// Writing the extension's policy into the database.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

// Runs a statement of the extension's own, inside SPI, that names the current role of a policy, a
// value that no query can write.
void RunPolicyStatement(const char *statement);

}  // namespace vidyo_cdr
