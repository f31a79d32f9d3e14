// The portal's codes: which ones a coded field can have, and how they are spelled.
#pragma once

#include <string_view>

#include "core/columns.hpp"

namespace vidyo_cdr {

// Finds a text among the codes of a coded column without regard to case, and returns the code as
// the table stores it, or an empty view. CallCompletionCode's codes are the digits 0 to 3.
std::string_view FindCode(RecordColumn column, std::string_view text) noexcept;

// The codes of a coded column, as a message lists them: "D, C, ID, IC".
const char *CodeList(RecordColumn column) noexcept;

// The states in which a call ends. The index of open calls and the view cdr_report list them too.
inline constexpr const char *kEndedCallStates[] = {"COMPLETED", "RING REJECTED", "RING NO ANSWER",
                                                   "RING CANCELLED", "ALERT CANCELLED"};

// How far a call in this state has come: RINGING 0, ALERTING 1, RING ACCEPTED 2, IN PROGRESS 3, and
// kCallEnded for the states in which a call ends. The state is one that FindCode() returned.
int32_t CallProgress(std::string_view call_state) noexcept;

constexpr int32_t kCallEnded = 4;

}  // namespace vidyo_cdr
