// CSV fields without a server: byte for byte what PostgreSQL's COPY writes, for every byte at every
// place of the 16-byte blocks that the writer works in, and never beyond the room it was given.
#include "core/csv/text.hpp"

#include "reference_csv.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <new>
#include <ostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace vidyo_cdr {
namespace {

// A text in a heap block of its own size, after `shift` bytes that change its alignment.
class HeapText {
 public:
  HeapText(size_t size, char filler, size_t shift = 0)
      : size_(size), shift_(shift), bytes_(new char[shift + size]) {
    std::fill_n(bytes_.get(), shift + size, filler);
  }

  explicit HeapText(const std::string &text) : HeapText(text.size(), ' ') {
    std::copy(text.begin(), text.end(), bytes_.get());
  }

  char &operator[](size_t place) { return bytes_[shift_ + place]; }
  std::string_view View() const { return {bytes_.get() + shift_, size_}; }

 private:
  size_t size_;
  size_t shift_;
  std::unique_ptr<char[]> bytes_;
};

CsvDialect Dialect(char delimiter, char quote, char escape, std::string_view null_text = "") {
  CsvDialect dialect;
  dialect.delimiter = delimiter;
  dialect.quote = quote;
  dialect.escape = escape;
  dialect.null_text = null_text;
  return dialect;
}

CsvDialect SingleField(CsvDialect dialect) {
  dialect.single_field = true;
  return dialect;
}

CsvDialect NullAsText(CsvDialect dialect) {
  dialect.quote_what_looks_like_null = false;
  return dialect;
}

std::string Written(const CsvDialect &dialect, const std::string &text, bool force_quotes = false) {
  const CsvTextWriter writer(dialect);
  std::string out(CsvTextWriter::MaxSize(text.size()), '?');
  out.resize(static_cast<size_t>(writer.Write(out.data(), text, force_quotes) - out.data()));
  return out;
}

// The expectations in the tests of this suite were written by COPY of PostgreSQL 15. They hold for
// the writer and for the reference that the other tests trust.
void ExpectAsPostgres(const CsvDialect &dialect, const std::string &text,
                      const std::string &expected, bool force_quotes = false) {
  EXPECT_EQ(Written(dialect, text, force_quotes), expected) << "text: " << text;
  EXPECT_EQ(ReferenceField(dialect, text, force_quotes), expected) << "text: " << text;
  EXPECT_EQ(FindFault(dialect, HeapText(text).View(), force_quotes), "");
}

TEST(CsvTextAsPostgres, DefaultDialect) {
  const CsvDialect dialect;
  ExpectAsPostgres(dialect, "plain", "plain");
  ExpectAsPostgres(dialect, "", "\"\"");
  ExpectAsPostgres(dialect, "a,b", "\"a,b\"");
  ExpectAsPostgres(dialect, "a\"b", "\"a\"\"b\"");
  ExpectAsPostgres(dialect, "\"", "\"\"\"\"");
  ExpectAsPostgres(dialect, "a'b", "a'b");
  ExpectAsPostgres(dialect, "a\rb", "\"a\rb\"");
  ExpectAsPostgres(dialect, "a\nb", "\"a\nb\"");
  ExpectAsPostgres(dialect, "a\\b", "a\\b");
  ExpectAsPostgres(dialect, "\\.", "\\.");
  ExpectAsPostgres(dialect, "NULL", "NULL");
  ExpectAsPostgres(dialect, "a;b", "a;b");
  ExpectAsPostgres(dialect, "a\tb", "a\tb");
  ExpectAsPostgres(dialect, " lead", " lead");
  ExpectAsPostgres(dialect, "trail ", "trail ");
  ExpectAsPostgres(dialect, "\xc3\xa9", "\xc3\xa9");
  ExpectAsPostgres(dialect, "\xc3\xa9,", "\"\xc3\xa9,\"");
}

TEST(CsvTextAsPostgres, OtherDelimiters) {
  const CsvDialect semicolon = Dialect(';', '"', '"');
  ExpectAsPostgres(semicolon, "a,b", "a,b");
  ExpectAsPostgres(semicolon, "a;b", "\"a;b\"");
  const CsvDialect tab = Dialect('\t', '"', '"');
  ExpectAsPostgres(tab, "a\tb", "\"a\tb\"");
  ExpectAsPostgres(tab, "a|b", "a|b");
  const CsvDialect control = Dialect('\x01', '"', '"');
  ExpectAsPostgres(control, "a,b", "a,b");
  ExpectAsPostgres(control, "x\"y", "\"x\"\"y\"");
}

TEST(CsvTextAsPostgres, SingleQuotesAsQuotes) {
  const CsvDialect dialect = Dialect('|', '\'', '\'');
  ExpectAsPostgres(dialect, "", "''");
  ExpectAsPostgres(dialect, "a\"b", "a\"b");
  ExpectAsPostgres(dialect, "a'b", "'a''b'");
  ExpectAsPostgres(dialect, "a\rb", "'a\rb'");
  ExpectAsPostgres(dialect, "a|b", "'a|b'");
}

TEST(CsvTextAsPostgres, EscapeOtherThanTheQuote) {
  const CsvDialect backslash = Dialect(',', '"', '\\');
  ExpectAsPostgres(backslash, "a\"b", "\"a\\\"b\"");
  ExpectAsPostgres(backslash, "\"", "\"\\\"\"");
  ExpectAsPostgres(backslash, "a,b", "\"a,b\"");
  ExpectAsPostgres(backslash, "a\\b", "a\\b");
  ExpectAsPostgres(backslash, "\\.", "\\.");
  const CsvDialect single_quote = Dialect(',', '\'', '\\');
  ExpectAsPostgres(single_quote, "", "''");
  ExpectAsPostgres(single_quote, "a'b", "'a\\'b'");
  const CsvDialect delimiter = Dialect(',', '"', ',');
  ExpectAsPostgres(delimiter, "a,b", "\"a,,b\"");
  ExpectAsPostgres(delimiter, "x\"y", "\"x,\"y\"");
  const CsvDialect line_feed = Dialect(',', '"', '\n');
  ExpectAsPostgres(line_feed, "x\"y", "\"x\n\"y\"");
}

TEST(CsvTextAsPostgres, TextThatLooksLikeNull) {
  const CsvDialect word = Dialect(',', '"', '"', "NULL");
  ExpectAsPostgres(word, "", "");
  ExpectAsPostgres(word, "NULL", "\"NULL\"");
  const CsvDialect dash = Dialect(',', '"', '"', "-");
  ExpectAsPostgres(dash, "", "");
  ExpectAsPostgres(dash, "NULL", "NULL");
  ExpectAsPostgres(dash, "-", "\"-\"");
}

TEST(CsvTextAsPostgres, ForcedQuotes) {
  const CsvDialect dialect = Dialect(',', '"', '"', "NULL");
  ExpectAsPostgres(dialect, "plain", "\"plain\"", true);
  ExpectAsPostgres(dialect, "", "\"\"", true);
  ExpectAsPostgres(dialect, "NULL", "\"NULL\"", true);
  ExpectAsPostgres(dialect, "a\"b", "\"a\"\"b\"", true);
  ExpectAsPostgres(dialect, "a\\b", "\"a\\b\"", true);
  ExpectAsPostgres(dialect, "\\.", "\"\\.\"", true);
}

TEST(CsvTextAsPostgres, SingleField) {
  const CsvDialect dialect = SingleField(CsvDialect());
  ExpectAsPostgres(dialect, "\\.", "\"\\.\"");
  ExpectAsPostgres(dialect, "", "\"\"");
  ExpectAsPostgres(dialect, "\\..", "\\..");
  ExpectAsPostgres(dialect, "a\\.", "a\\.");
  ExpectAsPostgres(dialect, "\\", "\\");
  const CsvDialect as_null = SingleField(Dialect(',', '"', '"', "\\."));
  ExpectAsPostgres(as_null, "\\.", "\"\\.\"");
  ExpectAsPostgres(as_null, "", "");
  const CsvDialect backslash = SingleField(Dialect(',', '"', '\\'));
  ExpectAsPostgres(backslash, "\\.", "\"\\\\.\"");
  ExpectAsPostgres(backslash, "\\", "\\");
  const CsvDialect odd = SingleField(Dialect(',', '\\', '.'));
  ExpectAsPostgres(odd, "\\.", "\\.\\..\\");
  ExpectAsPostgres(odd, "", "\\\\");
  ExpectAsPostgres(odd, "\\..", "\\.\\....\\");
  ExpectAsPostgres(odd, "\\", "\\.\\\\");
  ExpectAsPostgres(odd, "a,b", "\\a,b\\");
}

TEST(CsvText, DialectIsCopysUnlessTold) {
  const CsvDialect dialect;
  EXPECT_EQ(dialect.delimiter, ',');
  EXPECT_EQ(dialect.quote, '"');
  EXPECT_EQ(dialect.escape, '"');
  EXPECT_EQ(dialect.null_text, "");
  EXPECT_TRUE(dialect.quote_what_looks_like_null);
  EXPECT_FALSE(dialect.single_field);
}

// The portal writes an empty field for NULL and for an empty text.
TEST(CsvText, TextMayLookLikeNullWhenTold) {
  EXPECT_EQ(Written(NullAsText(CsvDialect()), ""), "");
  EXPECT_EQ(Written(NullAsText(CsvDialect()), "", true), "\"\"");
  EXPECT_EQ(Written(NullAsText(CsvDialect()), "a,b"), "\"a,b\"");
  EXPECT_EQ(Written(NullAsText(Dialect(',', '"', '"', "NULL")), "NULL"), "NULL");
  EXPECT_EQ(Written(NullAsText(SingleField(CsvDialect())), "\\."), "\"\\.\"");
  EXPECT_EQ(Written(NullAsText(SingleField(CsvDialect())), ""), "");
  EXPECT_EQ(Written(NullAsText(SingleField(Dialect(',', '"', '"', "\\."))), "\\."), "\"\\.\"");
}

// Only the whole NULL text counts, whatever its size.
TEST(CsvText, PartOfTheNullTextIsPlain) {
  const std::string null_text = "(this call has no value at all)";
  const CsvDialect dialect = Dialect(',', '"', '"', null_text);
  for (size_t size = 0; size < null_text.size(); size++) {
    EXPECT_EQ(Written(dialect, null_text.substr(0, size)), null_text.substr(0, size));
    EXPECT_EQ(Written(dialect, null_text.substr(size + 1)), null_text.substr(size + 1));
  }
  EXPECT_EQ(Written(dialect, null_text + ")"), null_text + ")");
  EXPECT_EQ(Written(dialect, null_text), "\"" + null_text + "\"");
}

TEST(CsvText, TextOfNoAddress) {
  const std::string_view no_address;
  ASSERT_EQ(no_address.data(), nullptr);
  for (const CsvDialect &dialect : {CsvDialect(), Dialect(',', '"', '"', "NULL"),
                                    NullAsText(CsvDialect()), SingleField(CsvDialect())}) {
    EXPECT_EQ(FindFault(dialect, no_address, false), "");
    EXPECT_EQ(FindFault(dialect, no_address, true), "");
  }
}

// A text of quotes only is the worst that can come, and fills the room to the last byte.
TEST(CsvText, MaxSizeIsNeededAndEnough) {
  static_assert(CsvTextWriter::MaxSize(0) == 2);
  static_assert(CsvTextWriter::MaxSize(100) == 202);
  for (size_t size = 1; size <= 200; size++) {
    const HeapText text(size, '"');
    ASSERT_EQ(FindFault(CsvDialect(), text.View()), "") << size << " quotes";
    ASSERT_EQ(Written(CsvDialect(), std::string(text.View())).size(), CsvTextWriter::MaxSize(size));
  }
}

// Copying the text with wide loads must not depend on where it lies, nor on where it goes.
TEST(CsvText, AnyAlignment) {
  const CsvDialect dialect;
  for (size_t size = 0; size <= 64; size++) {
    for (size_t shift = 0; shift < 16; shift++) {
      HeapText text(size, 'a', shift);
      for (const char last : {'a', ','}) {
        if (size > 0) {
          text[size - 1] = last;
        }
        for (size_t guard_size = 16; guard_size < 32; guard_size++) {
          ASSERT_EQ(FindFaultInRoom(dialect, text.View(), false, guard_size), "")
              << size << " bytes, shifted by " << shift << ", ending with " << last;
        }
      }
    }
  }
}

// Special bytes next to the text are none of its own.
TEST(CsvText, BytesAroundTheText) {
  for (const char around : {',', '"', '\r', '\n'}) {
    for (size_t size = 1; size <= 64; size++) {
      std::string bytes(size + 64, around);
      std::fill_n(bytes.begin() + 32, size, 'a');
      ASSERT_EQ(FindFault(CsvDialect(), std::string_view(bytes).substr(32, size)), "")
          << size << " bytes among bytes " << int{around};
    }
  }
}

// PostgreSQL's memory is aligned to 8 bytes, which is less than wide loads may want.
TEST(CsvText, WriterInMemoryOfPostgres) {
  static_assert(alignof(CsvTextWriter) <= 8);
  alignas(16) unsigned char memory[sizeof(CsvTextWriter) + 8];
  for (const size_t shift : {size_t{0}, size_t{8}}) {
    const auto *const writer = new (memory + shift) CsvTextWriter(CsvDialect());
    char out[CsvTextWriter::MaxSize(22)];
    char *end = writer->Write(out, "a comma, in this text", false);
    EXPECT_EQ(std::string(out, end), "\"a comma, in this text\"");
    end = writer->Write(out, "no comma in this text", false);
    EXPECT_EQ(std::string(out, end), "no comma in this text");
    writer->~CsvTextWriter();
  }
}

TEST(CsvText, LongText) {
  const CsvDialect dialect;
  HeapText text(2000, 'a');
  ASSERT_EQ(FindFault(dialect, text.View()), "");
  for (size_t place = 0; place < 2000; place++) {
    for (const char byte : {',', '\n'}) {
      text[place] = byte;
      ASSERT_EQ(FindFault(dialect, text.View()), "") << "byte " << int{byte} << " at " << place;
    }
    text[place] = 'a';
  }
}

struct NamedDialect {
  const char *name;
  CsvDialect dialect;
};

void PrintTo(const NamedDialect &named, std::ostream *out) { *out << named.name; }

// The last one can be had in a server encoding of single bytes.
const NamedDialect kDialects[] = {
    {"Comma", CsvDialect()},
    {"SemicolonNullWord", Dialect(';', '"', '"', "NULL")},
    {"TabNullDash", Dialect('\t', '"', '"', "-")},
    {"BarSingleQuote", Dialect('|', '\'', '\'')},
    {"Backslash", Dialect(',', '"', '\\')},
    {"SemicolonSingleQuoteBackslash", Dialect(';', '\'', '\\', "-")},
    {"EscapeIsDelimiter", Dialect(',', '"', ',', "NULL")},
    {"SingleField", SingleField(CsvDialect())},
    {"SingleFieldBackslash", SingleField(Dialect(',', '"', '\\', "NULL"))},
    {"NullAsText", NullAsText(CsvDialect())},
    {"NullWordAsText", NullAsText(SingleField(Dialect(',', '"', '"', "aaaa")))},
    {"HighBytes", Dialect('\xa7', '\xff', '\x80')},
};

class CsvTextDialects : public testing::TestWithParam<NamedDialect> {
 protected:
  // The bytes that matter to the dialect.
  std::string InterestingBytes() const {
    const CsvDialect &dialect = GetParam().dialect;
    std::string bytes{dialect.delimiter, dialect.quote, '\r', '\n'};
    if (dialect.escape != dialect.quote) {
      bytes += dialect.escape;
    }
    return bytes;
  }
};

INSTANTIATE_TEST_SUITE_P(, CsvTextDialects, testing::ValuesIn(kDialects),
                         [](const auto &named) { return named.param.name; });

TEST_P(CsvTextDialects, EveryByteAtEveryPlace) {
  const CsvDialect &dialect = GetParam().dialect;
  for (size_t size = 0; size <= 64; size++) {
    HeapText text(size, 'a');
    ASSERT_EQ(FindFault(dialect, text.View()), "") << size << " bytes";
    ASSERT_EQ(FindFault(dialect, text.View(), true), "") << size << " bytes, quotes forced";
    for (size_t place = 0; place < size; place++) {
      for (int byte = 0; byte <= 255; byte++) {
        text[place] = static_cast<char>(byte);
        ASSERT_EQ(FindFaultInRoom(dialect, text.View(), false, 32), "")
            << "byte " << byte << " at " << place << " of " << size;
      }
      text[place] = 'a';
    }
  }
}

// Other bytes around the special ones than letters: comparing bytes as signed numbers, or whole
// blocks at once, must not mislead.
TEST_P(CsvTextDialects, SpecialBytesAmongOthers) {
  const CsvDialect &dialect = GetParam().dialect;
  for (const char filler : {'\x00', '\x7f', '\xfe', ' ', '\\', '.'}) {
    for (size_t size = 0; size <= 64; size++) {
      HeapText text(size, filler);
      ASSERT_EQ(FindFault(dialect, text.View()), "") << size << " bytes " << int{filler};
      for (size_t place = 0; place < size; place++) {
        for (const char byte : InterestingBytes()) {
          text[place] = byte;
          ASSERT_EQ(FindFault(dialect, text.View()), "")
              << "byte " << int{byte} << " at " << place << " of " << size;
        }
        text[place] = filler;
      }
    }
  }
}

// Two special bytes, at the edges of the pieces of 4, 8 and 16 bytes that the text is copied in.
TEST_P(CsvTextDialects, PairsAtBlockEdges) {
  const CsvDialect &dialect = GetParam().dialect;
  const std::string bytes = InterestingBytes();
  constexpr size_t kSizes[] = {2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 18, 31, 32, 33, 47, 48, 49, 64};
  for (const size_t size : kSizes) {
    std::vector<size_t> places;
    for (size_t place = 0; place < size; place++) {
      const bool near_front = place % 16 == 0 || place % 16 == 15 || place < 9;
      const bool near_end = size - place <= 2 || (size - place >= 15 && size - place <= 17);
      if (near_front || near_end) {
        places.push_back(place);
      }
    }
    HeapText text(size, 'a');
    for (size_t i = 0; i < places.size(); i++) {
      for (size_t j = i + 1; j < places.size(); j++) {
        for (const char first : bytes) {
          for (const char second : bytes) {
            text[places[i]] = first;
            text[places[j]] = second;
            ASSERT_EQ(FindFaultInRoom(dialect, text.View(), false, 32), "")
                << "bytes " << int{first} << " at " << places[i] << ", " << int{second} << " at "
                << places[j] << " of " << size;
          }
        }
        text[places[j]] = 'a';
      }
      text[places[i]] = 'a';
    }
  }
}

// Short texts of special bytes, backslashes and full stops: all of them.
TEST_P(CsvTextDialects, EveryShortTextOfSpecialBytes) {
  const CsvDialect &dialect = GetParam().dialect;
  const std::string bytes = InterestingBytes() + "\\.-a";
  for (size_t size = 0; size <= 4; size++) {
    HeapText text(size, bytes[0]);
    std::vector<size_t> digits(size, 0);
    for (bool more = true; more;) {
      for (size_t i = 0; i < size; i++) {
        text[i] = bytes[digits[i]];
      }
      ASSERT_EQ(FindFault(dialect, text.View(), false), "") << text.View();
      ASSERT_EQ(FindFault(dialect, text.View(), true), "") << text.View();
      more = false;
      for (size_t i = 0; i < size && !more; i++) {
        digits[i] = (digits[i] + 1) % bytes.size();
        more = digits[i] != 0;
      }
    }
  }
}

TEST_P(CsvTextDialects, NullTextAndEndOfData) {
  const CsvDialect &dialect = GetParam().dialect;
  const std::string null_text(dialect.null_text);
  for (const std::string &text : {null_text, null_text + "a", "a" + null_text, std::string("\\."),
                                  std::string("\\.a"), std::string("a\\.")}) {
    EXPECT_EQ(FindFault(dialect, HeapText(text).View(), false), "") << text;
    EXPECT_EQ(FindFault(dialect, HeapText(text).View(), true), "") << text;
  }
}

// Any dialect that COPY accepts, and any text; the same ones in every run.
TEST(CsvText, RandomDialectsAndTexts) {
  std::mt19937 random(20260131);
  const auto below = [&random](size_t limit) { return static_cast<size_t>(random() % limit); };
  const auto any_byte = [&below] { return static_cast<char>(1 + below(255)); };
  for (int i = 0; i < 40000; i++) {
    CsvDialect dialect = Dialect(any_byte(), any_byte(), any_byte());
    const bool line_end_delimits = dialect.delimiter == '\n' || dialect.delimiter == '\r';
    if (line_end_delimits || dialect.delimiter == dialect.quote) {
      continue;
    }
    dialect.single_field = below(2) == 0;
    dialect.quote_what_looks_like_null = below(2) == 0;

    HeapText text(below(100), 'a');
    const std::string bytes{dialect.delimiter, dialect.quote, dialect.escape, '\r', '\n', 'a'};
    const size_t changes = below(4);
    for (size_t change = 0; change < changes && !text.View().empty(); change++) {
      text[below(text.View().size())] = below(2) == 0 ? bytes[below(bytes.size())] : any_byte();
    }
    const bool force_quotes = below(8) == 0;
    ASSERT_EQ(FindFault(dialect, text.View(), force_quotes), "")
        << "delimiter " << int{dialect.delimiter} << ", quote " << int{dialect.quote} << ", escape "
        << int{dialect.escape} << ", text " << text.View();
  }
}

}  // namespace
}  // namespace vidyo_cdr
