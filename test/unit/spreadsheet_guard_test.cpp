// The apostrophes of the spreadsheet form: where they stand, where none stands, and that taking off
// one where each cell begins gives the text back.
#include "core/spreadsheet_guard.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace vidyo_cdr {
namespace {

std::string Guarded(const std::string &text) {
  std::string out(MaxSpreadsheetGuardedSize(text.size()), '?');
  out.resize(static_cast<size_t>(WriteSpreadsheetGuarded(out.data(), text) - out.data()));
  return out;
}

// Takes one apostrophe off wherever a cell begins with one, knowing nothing of the rules.
std::string Unguarded(const std::string &text) {
  std::string out;
  bool begins = true;
  for (const char byte : text) {
    if (!(begins && byte == '\'')) {
      out += byte;
    }
    begins = std::string(",;\t\r\n").find(byte) != std::string::npos;
  }
  return out;
}

TEST(SpreadsheetGuard, HarmlessTextStaysAsItIs) {
  for (const std::string text : {"", "a", "a=b", "a+b", "Zoë", "1-2", "10.0.0.1", "0", "7", "2026-01-01",
                                 "123456789012345", "a'b", "12345678901234567x", "007x", "a, b"}) {
    EXPECT_FALSE(NeedsSpreadsheetGuard(text)) << text;
    EXPECT_EQ(Guarded(text), text);
  }
}

TEST(SpreadsheetGuard, DangerousBeginningsGetAnApostrophe) {
  for (const std::string text :
       {"=1+1", "+41 22 767", "-1", "@SUM(A1)", "'", "'=1", "\uFF1D1", "\uFF0B1", "\uFF0D1",
        "\uFF201", "=", "1234567890123456", "0071", "00", "0000000000000000"}) {
    EXPECT_TRUE(NeedsSpreadsheetGuard(text)) << text;
    EXPECT_EQ(Guarded(text), "'" + text);
  }
}

TEST(SpreadsheetGuard, EveryPlaceWhereACellCouldBeginIsGuarded) {
  for (const std::string separator : {",", ";", "\t", "\n", "\r"}) {
    for (const std::string begin : {"=", "+", "-", "@", "'", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"}) {
      EXPECT_EQ(Guarded("a" + separator + begin), "a" + separator + "'" + begin);
    }
  }
}

TEST(SpreadsheetGuard, FullWidthFormsThatAreCutOffAreHarmless) {
  EXPECT_FALSE(NeedsSpreadsheetGuard("\xEF\xBC"));
  EXPECT_FALSE(NeedsSpreadsheetGuard("\xEF"));
}

TEST(SpreadsheetGuard, NumbersOfMoreThan15DigitsAreRounded) {
  EXPECT_FALSE(NeedsSpreadsheetGuard(int64_t{0}));
  EXPECT_FALSE(NeedsSpreadsheetGuard(int64_t{999999999999999}));
  EXPECT_TRUE(NeedsSpreadsheetGuard(int64_t{1000000000000000}));
  EXPECT_FALSE(NeedsSpreadsheetGuard(int64_t{-999999999999999}));
  EXPECT_TRUE(NeedsSpreadsheetGuard(int64_t{-1000000000000000}));
  EXPECT_TRUE(NeedsSpreadsheetGuard(INT64_MIN));
}

TEST(SpreadsheetGuard, TakingOffTheApostrophesGivesTheTextBack) {
  const std::vector<std::string> parts = {"=", "+", "-", "@", "'", ",", ";", "\t", "\r", "\n", "0", "1",
                                          "a", "\"", "\uFF1D", "\uFF20", "\xEF", "ë", "12345678"};
  std::mt19937 random(20);
  for (int i = 0; i < 50000; i++) {
    std::string text;
    for (size_t length = random() % 12; length > 0; length--) {
      text += parts[random() % parts.size()];
    }
    const std::string guarded = Guarded(text);
    EXPECT_EQ(Unguarded(guarded), text);
    EXPECT_EQ(guarded != text, NeedsSpreadsheetGuard(text)) << text;
  }
}

}  // namespace
}  // namespace vidyo_cdr
