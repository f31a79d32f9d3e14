// The portal's codes: each in any case, and nothing that only resembles one.
#include "core/record_code.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <string>
#include <vector>

namespace vidyo_cdr {
namespace {

struct Coded {
  RecordColumn column;
  std::vector<std::string> codes;
};

const std::vector<Coded> &CodedColumns() {
  static const std::vector<Coded> columns = {
      {kConferenceType, {"D", "C", "ID", "IC"}},
      {kEndpointType, {"R", "D", "G", "L", "C"}},
      {kCallState,
       {"RINGING", "RING ACCEPTED", "RING REJECTED", "RING NO ANSWER", "RING CANCELLED", "ALERTING",
        "ALERT CANCELLED", "IN PROGRESS", "COMPLETED"}},
      {kDirection, {"I", "O"}},
      {kAccessType, {"U", "G", "L", "R"}},
      {kRoomType, {"M", "P", "S"}},
      {kCallCompletionCode, {"0", "1", "2", "3"}},
  };
  return columns;
}

TEST(FindCode, InAnyCaseAsStored) {
  for (const Coded &coded : CodedColumns()) {
    for (const std::string &code : coded.codes) {
      std::string lower = code;
      std::string mixed = code;
      for (size_t i = 0; i < code.size(); i++) {
        lower[i] = static_cast<char>(std::tolower(static_cast<unsigned char>(code[i])));
        mixed[i] = i % 2 == 0 ? code[i] : lower[i];
      }
      EXPECT_EQ(FindCode(coded.column, code), code);
      EXPECT_EQ(FindCode(coded.column, lower), code);
      EXPECT_EQ(FindCode(coded.column, mixed), code);
    }
  }
}

// Parts of codes, parts of the list, codes with blanks and the bytes beside the letters.
TEST(FindCode, NothingElse) {
  for (const Coded &coded : CodedColumns()) {
    std::vector<std::string> others = {"",         " ",    ",",     ", ",       "X",        "RING",
                                       "PROGRESS", "4",    "-1",    "00",       "D,",       "I ",
                                       " I",       "D, C", "IDC",   "@",        "RINGING,", "`",
                                       "[",        "{",    "I\xc3", "\xc4\xb1", "\xe9"};
    others.push_back(CodeList(coded.column));
    others.push_back(std::string("D\0", 2));
    others.push_back(std::string("\0", 1));
    for (const std::string &code : coded.codes) {
      others.push_back(code + " ");
      others.push_back(" " + code);
      others.push_back(code + code);
    }
    for (const std::string &other : others) {
      EXPECT_TRUE(FindCode(coded.column, other).empty()) << coded.column << ": " << other;
    }
  }
}

TEST(FindCode, EachColumnHasItsOwn) {
  EXPECT_TRUE(FindCode(kConferenceType, "R").empty());
  EXPECT_TRUE(FindCode(kEndpointType, "ID").empty());
  EXPECT_TRUE(FindCode(kDirection, "D").empty());
  EXPECT_TRUE(FindCode(kAccessType, "M").empty());
  EXPECT_TRUE(FindCode(kRoomType, "U").empty());
  EXPECT_TRUE(FindCode(kCallCompletionCode, "M").empty());
  for (const RecordColumn column : {kCallID, kJoinTime, kTenantName, kExtension}) {
    EXPECT_TRUE(FindCode(column, "D").empty());
    EXPECT_TRUE(FindCode(column, "").empty());
  }
}

TEST(CodeList, NamesThemInOrder) {
  for (const Coded &coded : CodedColumns()) {
    std::string list;
    for (const std::string &code : coded.codes) {
      list += (list.empty() ? "" : ", ") + code;
    }
    EXPECT_EQ(CodeList(coded.column), list);
  }
}

// A state is either under way or listed as one in which calls end.
TEST(CallProgress, KnowsEveryEndedState) {
  std::vector<std::string_view> ended(std::begin(kEndedCallStates), std::end(kEndedCallStates));
  std::string_view list = CodeList(kCallState);
  size_t count = 0;
  while (!list.empty()) {
    const std::string_view state = list.substr(0, list.find(", "));
    const bool is_listed = std::find(ended.begin(), ended.end(), state) != ended.end();
    EXPECT_EQ(CallProgress(state) == kCallEnded, is_listed) << state;
    count += is_listed ? 1 : 0;
    list.remove_prefix(std::min(list.size(), state.size() + 2));
  }
  EXPECT_EQ(count, ended.size());
}

TEST(CallProgress, OfEveryState) {
  EXPECT_EQ(CallProgress("RINGING"), 0);
  EXPECT_EQ(CallProgress("ALERTING"), 1);
  EXPECT_EQ(CallProgress("RING ACCEPTED"), 2);
  EXPECT_EQ(CallProgress("IN PROGRESS"), 3);
  for (const char *ended :
       {"COMPLETED", "RING REJECTED", "RING NO ANSWER", "RING CANCELLED", "ALERT CANCELLED"}) {
    EXPECT_EQ(CallProgress(ended), kCallEnded) << ended;
  }
  EXPECT_EQ(kCallEnded, 4);
}

}  // namespace
}  // namespace vidyo_cdr
