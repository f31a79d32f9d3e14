// Asking for a password.
#pragma once

#include <string>

namespace vidyo_cdr {

// Asks on the terminal, without echo; without a terminal on standard input.
std::string AskPassword(const std::string &prompt);

}  // namespace vidyo_cdr
