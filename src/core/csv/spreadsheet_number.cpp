// What spreadsheets read as numbers, dates and truth values, as LibreOffice and Excel show it.
#include "core/csv/spreadsheet_number.hpp"

#include <cstddef>
#include <cstdint>

#include "core/text_from.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

// A spreadsheet keeps this many digits of a number.
constexpr size_t kSpreadsheetDigits = 15;

constexpr bool IsDigit(char byte) noexcept { return byte >= '0' && byte <= '9'; }

constexpr bool IsAsciiLetter(char byte) noexcept {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

constexpr bool IsBeyondAscii(char byte) noexcept {
  return static_cast<unsigned char>(byte) >= 0x80;
}

constexpr bool IsSign(char byte) noexcept {
  switch (byte) {
    case ' ':
    case '.':
    case ',':
    case ':':
    case '/':
    case '%':
    case '$':
    case '(':
    case ')':
    case '+':
    case '-':
    case '\'':
      return true;
    default:
      return false;
  }
}

// The size of a sign of several bytes that the text begins with, or 0.
size_t LongSignSize(std::string_view text) noexcept {
  if (!IsBeyondAscii(text.front())) {
    return 0;
  }
  for (const std::string_view sign : {"\u00A0", "\u202F", "£", "€"}) {
    if (text.substr(0, sign.size()) == sign) {
      return sign.size();
    }
  }
  return 0;
}

// The letters that the text begins with.
std::string_view FirstWord(std::string_view text) noexcept {
  size_t size = 0;
  while (size < text.size() &&
         (IsAsciiLetter(text[size]) ||
          (IsBeyondAscii(text[size]) && LongSignSize(TextFrom(text, size)) == 0))) {
    size++;
  }
  return text.substr(0, size);
}

// Whether the words are the same, in small letters or capitals; both forms of a letter differ in
// one bit, those of Ä as well.
bool AreSame(std::string_view word, std::string_view other) noexcept {
  constexpr int kSmall = 0x20;
  if (word.size() != other.size()) {
    return false;
  }
  for (size_t i = 0; i < word.size(); i++) {
    if ((word[i] | kSmall) != (other[i] | kSmall)) {
      return false;
    }
  }
  return true;
}

constexpr std::string_view kTruthValues[] = {"true", "false", "wahr", "falsch"};

// The words in numbers and dates by their first letters, since the first word of nearly each text
// is looked up.
constexpr std::string_view kWordsWithA[] = {"am", "apr", "april", "aug", "august"};
constexpr std::string_view kWordsWithC[] = {"chf"};
constexpr std::string_view kWordsWithD[] = {"dec",      "december", "dez",
                                            "dezember", "dienstag", "donnerstag"};
constexpr std::string_view kWordsWithE[] = {"e"};
constexpr std::string_view kWordsWithF[] = {"feb", "february", "februar",
                                            "fri", "friday",   "freitag"};
constexpr std::string_view kWordsWithJ[] = {"jan",  "january", "januar", "jänner", "jun",
                                            "june", "juni",    "jul",    "july",   "juli"};
constexpr std::string_view kWordsWithM[] = {"mar", "march", "mär",    "märz",   "mrz",     "may",
                                            "mai", "mon",   "monday", "montag", "mittwoch"};
constexpr std::string_view kWordsWithN[] = {"nov", "november"};
constexpr std::string_view kWordsWithO[] = {"oct", "october", "okt", "oktober"};
constexpr std::string_view kWordsWithP[] = {"pm"};
constexpr std::string_view kWordsWithS[] = {"sep",      "sept",    "september", "sat",
                                            "saturday", "samstag", "sonnabend", "sun",
                                            "sunday",   "sonntag"};
constexpr std::string_view kWordsWithT[] = {"t", "tue", "tuesday", "thu", "thursday"};
constexpr std::string_view kWordsWithW[] = {"wed", "wednesday"};

template <size_t count>
bool IsAmong(std::string_view word, const std::string_view (&others)[count]) noexcept {
  for (const std::string_view other : others) {
    if (AreSame(word, other)) {
      return true;
    }
  }
  return false;
}

bool IsWordOfNumbers(std::string_view word) noexcept {
  switch (word.empty() ? '\0' : word.front() | 0x20) {
    case 'a':
      return IsAmong(word, kWordsWithA);
    case 'c':
      return IsAmong(word, kWordsWithC);
    case 'd':
      return IsAmong(word, kWordsWithD);
    case 'e':
      return IsAmong(word, kWordsWithE);
    case 'f':
      return IsAmong(word, kWordsWithF);
    case 'j':
      return IsAmong(word, kWordsWithJ);
    case 'm':
      return IsAmong(word, kWordsWithM);
    case 'n':
      return IsAmong(word, kWordsWithN);
    case 'o':
      return IsAmong(word, kWordsWithO);
    case 'p':
      return IsAmong(word, kWordsWithP);
    case 's':
      return IsAmong(word, kWordsWithS);
    case 't':
      return IsAmong(word, kWordsWithT);
    case 'w':
      return IsAmong(word, kWordsWithW);
    default:
      return false;
  }
}

// Whether the text is a truth value, in blanks or not.
bool IsTruthValue(std::string_view text) noexcept {
  while (!text.empty() && text.front() == ' ') {
    text.remove_prefix(1);
  }
  while (!text.empty() && text.back() == ' ') {
    text.remove_suffix(1);
  }
  return IsAmong(text, kTruthValues);
}

// Whether a spreadsheet shows the number as it stands.
bool IsPlainNumber(std::string_view text) noexcept {
  for (const char byte : text) {
    if (!IsDigit(byte)) {
      return false;
    }
  }
  return text.size() <= kSpreadsheetDigits && (text.size() == 1 || text.front() != '0');
}

// Whether the text has the form of an IPv4 address, and dots where none stand between thousands.
bool IsFourNumbers(std::string_view text) noexcept {
  size_t dots = 0;
  size_t digits = 0;
  bool has_thousands = true;
  for (const char byte : text) {
    if (IsDigit(byte)) {
      digits++;
      continue;
    }
    if (byte != '.' || digits == 0) {
      return false;
    }
    has_thousands = has_thousands && (dots == 0 || digits == 3);
    dots++;
    digits = 0;
  }
  return dots == 3 && digits > 0 && !(has_thousands && digits == 3);
}

// Whether the text has a digit, and nothing that is in no number and no date.
bool IsMadeOfNumbers(std::string_view text) noexcept {
  bool has_digit = false;
  for (size_t place = 0; place < text.size();) {
    if (IsDigit(text[place])) {
      has_digit = true;
      place++;
    } else if (IsSign(text[place])) {
      place++;
    } else if (const size_t sign_size = LongSignSize(TextFrom(text, place))) {
      place += sign_size;
    } else {
      const std::string_view word = FirstWord(TextFrom(text, place));
      if (!IsWordOfNumbers(word)) {
        return false;
      }
      place += word.size();
    }
  }
  return has_digit;
}

}  // namespace

bool IsSpreadsheetNumber(std::string_view text) noexcept {
  return (IsMadeOfNumbers(text) && !IsPlainNumber(text) && !IsFourNumbers(text)) ||
         IsTruthValue(text);
}

}  // namespace vidyo_cdr
