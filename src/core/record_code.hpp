// The portal's codes: which ones a coded field can have, and how they are spelled. Plain C++.
#pragma once

#include <string_view>

#include "core/record_column.hpp"

namespace vidyo_cdr {

// Finds a text among the codes of a coded column without regard to case, and returns the code as
// the table stores it, or an empty view. CallCompletionCode's codes are the digits 0 to 3.
std::string_view FindCode(RecordColumn column, std::string_view text) noexcept;

// The codes of a coded column, as a message lists them: "D, C, ID, IC".
const char *CodeList(RecordColumn column) noexcept;

// How far a call in this state has come: RINGING 0, ALERTING 1, RING ACCEPTED 2, IN PROGRESS 3, and
// 4 for the five states in which a call ends. The state is one that FindCode() returned.
int32_t CallProgress(std::string_view call_state) noexcept;

// CallProgress() of a call that has ended.
constexpr int32_t kCallEnded = 4;

}  // namespace vidyo_cdr
