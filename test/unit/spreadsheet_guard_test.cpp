// The apostrophes of the spreadsheet form: where they stand, where none stands, and that taking
// them off gives every text back.
#include "core/csv/spreadsheet_guard.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "reference_guard.hpp"

namespace vidyo_cdr {
namespace {

TEST(SpreadsheetGuard, HarmlessTextStaysAsItIs) {
  for (const std::string text :
       {"", "a", "a=b", "a+b", "Zoë", "a'b", "12345678901234567x", "007x", "a, b", "room 5",
        "5 rooms", "a  = b", "a\r\nb", "a \"b\"", " a", "\"a\"", "日本 5"}) {
    EXPECT_FALSE(NeedsSpreadsheetGuard(text)) << text;
    EXPECT_EQ(Guarded(text), text);
  }
}

TEST(SpreadsheetGuard, FormulasGetAnApostrophe) {
  for (const std::string text :
       {"=1+1", "+41 22 767", "-1", "@SUM(A1)", "'", "'=1", "\uFF1D1", "\uFF0B1", "\uFF0D1",
        "\uFF201", "=", "\ta", "\ra", "\na", "\r\na"}) {
    EXPECT_TRUE(NeedsSpreadsheetGuard(text)) << text;
    EXPECT_EQ(Guarded(text), "'" + text);
  }
}

TEST(SpreadsheetGuard, BlanksAndQuotesInFrontHideNoFormula) {
  for (const std::string hidden : {" ", "\"", "   ", "\"\"", " \" "}) {
    for (const std::string begin : {"=", "+", "-", "@", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"}) {
      EXPECT_EQ(Guarded(hidden + begin), "'" + hidden + begin);
      EXPECT_EQ(Guarded("x;" + hidden + begin), "x;'" + hidden + begin);
    }
  }
}

TEST(SpreadsheetGuard, EveryPlaceWhereACellCouldBeginIsGuarded) {
  for (const std::string separator : {",", ";", "\t", "\n", "\r", "\r\n"}) {
    for (const std::string begin :
         {"=", "+", "-", "@", "'", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"}) {
      EXPECT_EQ(Guarded("a" + separator + begin), "a" + separator + "'" + begin);
    }
  }
}

TEST(SpreadsheetGuard, CrLfIsOneLineEnd) {
  EXPECT_EQ(Guarded("a\r\nb"), "a\r\nb");
  EXPECT_EQ(Guarded("a\r\n\r\nb"), "a\r\n'\r\nb");
  EXPECT_EQ(Guarded("a\n\rb"), "a\n'\rb");
  EXPECT_EQ(Guarded("a\r\rb"), "a\r'\rb");
}

TEST(SpreadsheetGuard, FullWidthFormsThatAreCutOffAreHarmless) {
  EXPECT_FALSE(NeedsSpreadsheetGuard("\xEF\xBC"));
  EXPECT_FALSE(NeedsSpreadsheetGuard("\xEF"));
}

TEST(SpreadsheetGuard, TextsOfNumbersAndDatesGetAnApostrophe) {
  for (const std::string text : {"3.10",
                                 "00.50",
                                 "1E5",
                                 "3e2",
                                 "1.5e-5",
                                 "1,234",
                                 "1.234,56",
                                 "1/2",
                                 "10:30",
                                 "0071",
                                 "0071 ",
                                 " 71",
                                 "00",
                                 "1234567890123456",
                                 "0000000000000000",
                                 "2026-01-02",
                                 "2026-01-02T03:04:05",
                                 "12%",
                                 "5 %",
                                 "(5)",
                                 "$5",
                                 "5 €",
                                 "£5",
                                 "CHF 5",
                                 "1-2",
                                 "5-",
                                 "5+",
                                 ".5",
                                 "5.",
                                 "1 1/2",
                                 "1'000",
                                 "022 767 12 34",
                                 "1.2.3",
                                 "1.2.",
                                 "\u00A0"
                                 "5",
                                 "1\u202F"
                                 "000",
                                 "1 Jan",
                                 "Jan 5",
                                 "5. Mai",
                                 "MAR1",
                                 "5. März",
                                 "5. MÄRZ",
                                 "5.Jänner",
                                 "Sept. 5",
                                 "Monday, January 5, 2026",
                                 "Montag, 5. Januar 2026",
                                 "10 AM",
                                 "10:30pm",
                                 "TRUE",
                                 "true",
                                 " False ",
                                 "Wahr",
                                 "FALSCH"}) {
    EXPECT_TRUE(NeedsSpreadsheetGuard(text)) << text;
    EXPECT_EQ(Guarded(text), "'" + text);
  }
}

TEST(SpreadsheetGuard, TextsThatASpreadsheetKeepsGetNone) {
  for (const std::string text : {"0",
                                 "7",
                                 "123456789012345",
                                 "10.0.0.1",
                                 "19.1.0.9085",
                                 "255.255.255.0",
                                 "192.168.100.2000",
                                 "100.1.100.100",
                                 "Jan",
                                 "AM",
                                 "E",
                                 ".",
                                 "()",
                                 "%",
                                 "5a",
                                 "room 1.5",
                                 "5_5",
                                 "5#",
                                 "1.2.3-beta",
                                 "x86",
                                 "5;6",
                                 "5\n6",
                                 "trueish",
                                 "untrue",
                                 "Maya 5",
                                 "Ma 5",
                                 "\xC2"
                                 "5",
                                 "TRUE?"}) {
    EXPECT_FALSE(NeedsSpreadsheetGuard(text)) << text;
    EXPECT_EQ(Guarded(text), text);
  }
}

TEST(SpreadsheetGuard, OnlyFourNumbersAreAnAddress) {
  for (const std::string text :
       {"1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "1.2.3.4 ", "1.2,3.4"}) {
    EXPECT_EQ(Guarded(text), "'" + text);
  }
}

TEST(SpreadsheetGuard, DotsBetweenThousandsMakeANumber) {
  for (const std::string text : {"1.234.567.890", "192.168.100.200", "1192.168.100.200"}) {
    EXPECT_EQ(Guarded(text), "'" + text);
  }
}

// Each address is guarded as its text is.
TEST(SpreadsheetGuard, AddressesAreGuardedAsTheirTexts) {
  const std::vector<unsigned char> octets = {0, 9, 10, 99, 100, 101, 255};
  for (const unsigned char a : octets) {
    for (const unsigned char b : octets) {
      for (const unsigned char c : octets) {
        for (const unsigned char d : octets) {
          const unsigned char address[] = {a, b, c, d};
          const std::string text = std::to_string(a) + "." + std::to_string(b) + "." +
                                   std::to_string(c) + "." + std::to_string(d);
          EXPECT_EQ(NeedsSpreadsheetGuardIpv4(address), NeedsSpreadsheetGuard(text)) << text;
        }
      }
    }
  }
}

TEST(SpreadsheetGuard, NumbersOfMoreThan15DigitsAreRounded) {
  EXPECT_FALSE(NeedsSpreadsheetGuard(int64_t{0}));
  EXPECT_FALSE(NeedsSpreadsheetGuard(int64_t{999999999999999}));
  EXPECT_TRUE(NeedsSpreadsheetGuard(int64_t{1000000000000000}));
  EXPECT_FALSE(NeedsSpreadsheetGuard(int64_t{-999999999999999}));
  EXPECT_TRUE(NeedsSpreadsheetGuard(int64_t{-1000000000000000}));
  EXPECT_TRUE(NeedsSpreadsheetGuard(INT64_MIN));
}

TEST(SpreadsheetGuard, GuardedNumbersAndAddressesComeBack) {
  for (const std::string text :
       {"1234567890123456", "-1234567890123456", "-9223372036854775808", "192.168.100.200"}) {
    EXPECT_EQ(Unguarded("'" + text), text);
  }
}

TEST(SpreadsheetGuard, TextWithoutGuardIsLeftAlone) {
  for (const std::string text : {"", "a", "'a", "'", "a,'b'", "=1", "-5", "'5", "'10.0.0.1",
                                 "'=1,=2", "=1,'=2", "\r'\n", "''a'b,'c", "'room 5", "'a\r'\nb"}) {
    EXPECT_FALSE(HasSpreadsheetGuard(text)) << text;
    EXPECT_EQ(Unguarded(text), text);
    EXPECT_EQ(UnguardedInPlace(text), text);
  }
}

// All texts of up to five of the signs that matter.
TEST(SpreadsheetGuard, EveryShortTextComesBack) {
  const std::vector<std::string> signs = {"=",  "+",  "-", "'", ",", ";", "\t", "\r",
                                          "\n", "\"", " ", "0", "1", "a", ".",  "\uFF1D"};
  std::vector<std::string> texts = {""};
  for (size_t begin = 0, length = 0; length <= 5; length++) {
    for (const size_t end = texts.size(); begin < end; begin++) {
      const std::string text = texts[begin];
      ASSERT_EQ(FindGuardFault(text), "") << text;
      for (size_t i = 0; length < 5 && i < signs.size(); i++) {
        texts.push_back(text + signs[i]);
      }
    }
  }
  EXPECT_EQ(texts.size(), 1118481u);
}

TEST(SpreadsheetGuard, LongerTextsComeBack) {
  const std::vector<std::string> parts = {
      "=",    "+", "-",   "@",      "'",      ",",    ";", "\t",      "\r", "\n",
      "\r\n", "0", "1",   "a",      "\"",     " ",    ".", "/",       "E",  "May",
      "TRUE", "€", "100", "\uFF1D", "\uFF20", "\xEF", "ë", "12345678"};
  std::mt19937 random(20);
  for (int i = 0; i < 100000; i++) {
    std::string text;
    for (size_t length = random() % 16; length > 0; length--) {
      text += parts[random() % parts.size()];
    }
    ASSERT_EQ(FindGuardFault(text), "") << text;
  }
}

}  // namespace
}  // namespace vidyo_cdr
