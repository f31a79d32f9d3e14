// The codes, and looking one up.
#include "core/record_code.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

// The codes of a column in one text, a comma and a blank between them.
constexpr const char *ListOf(RecordColumn column) noexcept {
  switch (column) {
    case kConferenceType:
      return "D, C, ID, IC";
    case kEndpointType:
      return "R, D, G, L, C";
    case kCallState:
      return "RINGING, RING ACCEPTED, RING REJECTED, RING NO ANSWER, RING CANCELLED, ALERTING, "
             "ALERT CANCELLED, IN PROGRESS, COMPLETED";
    case kDirection:
      return "I, O";
    case kAccessType:
      return "U, G, L, R";
    case kRoomType:
      return "M, P, S";
    case kCallCompletionCode:
      return "0, 1, 2, 3";
    default:
      return "";
  }
}

char ToUpper(char byte) noexcept {
  return byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - 'a' + 'A') : byte;
}

bool IsSameCode(std::string_view code, std::string_view text) noexcept {
  if (code.size() != text.size()) {
    return false;
  }
  for (size_t i = 0; i < code.size(); i++) {
    if (code[i] != ToUpper(text[i])) {
      return false;
    }
  }
  return true;
}

}  // namespace

const char *CodeList(RecordColumn column) noexcept { return ListOf(column); }

std::string_view FindCode(RecordColumn column, std::string_view text) noexcept {
  std::string_view list = ListOf(column);
  while (!list.empty()) {
    const std::string_view code = list.substr(0, list.find(", "));
    if (IsSameCode(code, text)) {
      return code;
    }
    list.remove_prefix(code.size());
    list.remove_prefix(list.empty() ? 0 : 2);
  }
  return {};
}

int32_t CallProgress(std::string_view call_state) noexcept {
  constexpr std::string_view kUnderWay[] = {"RINGING", "ALERTING", "RING ACCEPTED", "IN PROGRESS"};
  int32_t progress = 0;
  for (const std::string_view state : kUnderWay) {
    if (call_state == state) {
      return progress;
    }
    progress++;
  }
  return kCallEnded;
}

}  // namespace vidyo_cdr
