// Reading CSV without a server: every rule and every fault, at the exact byte of each limit, and
// the same answers through windows of any size.
#include "core/csv/reader.hpp"

#include "reference_csv_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace vidyo_cdr {
namespace {

using Fields = std::vector<std::string>;

constexpr size_t kWhole = std::numeric_limits<size_t>::max();

// The pieces of a file that is read in windows growing by that many bytes.
std::vector<ReadPiece> ReadThrough(const CsvSetting &setting, std::string_view text,
                                   size_t growth) {
  WindowedCsvReader reader(setting, text, [growth] { return growth; });
  EXPECT_EQ(reader.ReadAll(), "") << "windows growing by " << growth;
  return reader.Pieces();
}

// The pieces of a small file, which must be the same through windows of every size, and the
// reference's.
std::vector<ReadPiece> Read(std::string_view text, const CsvSetting &setting = CsvSetting()) {
  for (size_t growth = 1; growth <= text.size() + 1; growth++) {
    EXPECT_EQ(FindReaderFault(setting, text, [growth] { return growth; }), "")
        << "windows growing by " << growth;
  }
  return ReadThrough(setting, text, kWhole);
}

ReadPiece Record(int64_t line, const std::string &raw, const Fields &fields) {
  ReadPiece piece;
  piece.line = line;
  piece.raw = raw;
  piece.fields = fields;
  piece.field_count = static_cast<int>(fields.size());
  return piece;
}

ReadPiece Bad(int64_t line, const std::string &raw, CsvFault fault, int field_count) {
  ReadPiece piece;
  piece.line = line;
  piece.raw = raw;
  piece.fault = fault;
  piece.field_count = field_count;
  return piece;
}

ReadPiece Cut(ReadPiece piece) {
  piece.cut = true;
  return piece;
}

using Pieces = std::vector<ReadPiece>;

CsvSetting Expecting(int fields) {
  CsvSetting setting;
  setting.expected_fields = fields;
  return setting;
}

CsvSetting Limited(size_t max_record_size, int fields = 0) {
  CsvSetting setting = Expecting(fields);
  setting.max_record_size = max_record_size;
  return setting;
}

std::string Repeat(std::string_view text, size_t count) {
  std::string all;
  for (size_t i = 0; i < count; i++) {
    all += text;
  }
  return all;
}

TEST(CsvReader, FieldsAndRecords) {
  EXPECT_EQ(Read("a,b\nc,,\n"),
            (Pieces{Record(1, "a,b", {"pa", "pb"}), Record(2, "c,,", {"pc", "p", "p"})}));
  EXPECT_EQ(Read(""), Pieces());
  EXPECT_EQ(Read(","), (Pieces{Record(1, ",", {"p", "p"})}));
  EXPECT_EQ(Read(" a , b "), (Pieces{Record(1, " a , b ", {"p a ", "p b "})}));
}

TEST(CsvReader, LastRecordMayLackALineEnd) {
  for (const std::string end : {"", "\n", "\r\n", "\r"}) {
    EXPECT_EQ(Read("a,b\nc,\"d\"" + end),
              (Pieces{Record(1, "a,b", {"pa", "pb"}), Record(2, "c,\"d\"", {"pc", "qd"})}));
  }
}

TEST(CsvReader, OtherDelimiters) {
  CsvSetting setting;
  for (const char delimiter : {';', '\t', ','}) {
    setting.delimiter = delimiter;
    const std::string d(1, delimiter);
    const std::string quoted = "\"b" + d + "\"";
    const std::string raw = "a" + d + quoted + d + "|";
    EXPECT_EQ(Read(raw, setting), (Pieces{Record(1, raw, {"pa", "qb" + d, "p|"})}));
    const std::string others =
        "a field with all of them: |" + std::string(delimiter == ',' ? ";" : ",");
    EXPECT_EQ(Read(others + d + others, setting),
              (Pieces{Record(1, others + d + others, {"p" + others, "p" + others})}));
  }
}

TEST(CsvReader, EveryMixOfLineEnds) {
  const std::string ends[] = {"\n", "\r\n", "\r", "\n\n", "\r\r", "\n\r", "\r\n\r\n", "\r\r\n"};
  const int64_t lines[] = {1, 1, 1, 2, 2, 2, 2, 2};
  for (size_t i = 0; i < 8; i++) {
    for (size_t j = 0; j < 8; j++) {
      EXPECT_EQ(Read("a" + ends[i] + "b" + ends[j] + "c"),
                (Pieces{Record(1, "a", {"pa"}), Record(1 + lines[i], "b", {"pb"}),
                        Record(1 + lines[i] + lines[j], "c", {"pc"})}))
          << i << ", " << j;
      const std::string quoted = "\"" + ends[i] + "x" + ends[j] + "\"";
      EXPECT_EQ(Read(quoted + ends[j] + "c"),
                (Pieces{Record(1, quoted, {"q" + ends[i] + "x" + ends[j]}),
                        Record(1 + lines[i] + 2 * lines[j], "c", {"pc"})}))
          << i << ", " << j;
    }
  }
}

TEST(CsvReader, EmptyLinesAreSkippedAndCounted) {
  EXPECT_EQ(Read("\n\r\n\ra\n\n\nb\n\n"), (Pieces{Record(4, "a", {"pa"}), Record(7, "b", {"pb"})}));
  EXPECT_EQ(Read("\n"), Pieces());
  EXPECT_EQ(Read("\r\n\r\n"), Pieces());
  EXPECT_EQ(Read(" \n\"\"\n"), (Pieces{Record(1, " ", {"p "}), Record(2, "\"\"", {"q"})}));
}

TEST(CsvReader, Quotes) {
  EXPECT_EQ(Read("\"a\",\"\",\n"), (Pieces{Record(1, "\"a\",\"\",", {"qa", "q", "p"})}));
  EXPECT_EQ(Read("\"a,b\"\n"), (Pieces{Record(1, "\"a,b\"", {"qa,b"})}));
  EXPECT_EQ(Read("\"a\"\"b\",\"\"\"\",\"\"\"c\"\"\"\n"),
            (Pieces{Record(1, "\"a\"\"b\",\"\"\"\",\"\"\"c\"\"\"", {"qa\"b", "q\"", "q\"c\""})}));
  EXPECT_EQ(Read("\"a\nb\"\nc"),
            (Pieces{Record(1, "\"a\nb\"", {"qa\nb"}), Record(3, "c", {"pc"})}));
}

TEST(CsvReader, QuoteInsideAnUnquotedFieldIsPlain) {
  EXPECT_EQ(Read("a\"b, \"c\",d\"\n\"e\""),
            (Pieces{Record(1, "a\"b, \"c\",d\"", {"pa\"b", "p \"c\"", "pd\""}),
                    Record(2, "\"e\"", {"qe"})}));
  EXPECT_EQ(Read("a\"\"b"), (Pieces{Record(1, "a\"\"b", {"pa\"\"b"})}));
}

TEST(CsvReader, TextAfterAQuote) {
  EXPECT_EQ(
      Read("x,\"abc\"def,y\ng\n"),
      (Pieces{Bad(1, "x,\"abc\"def,y", CsvFault::kTextAfterQuote, 1), Record(2, "g", {"pg"})}));
  EXPECT_EQ(Read("\"a\" ,b"), (Pieces{Bad(1, "\"a\" ,b", CsvFault::kTextAfterQuote, 0)}));
  EXPECT_EQ(Read(std::string_view("\"a\"\0", 4)),
            (Pieces{Bad(1, std::string("\"a\"\0", 4), CsvFault::kTextAfterQuote, 0)}));
}

// A guest named "Bob with one quote: only its line is lost.
TEST(CsvReader, StrayQuoteCostsItsLineOnly) {
  EXPECT_EQ(Read("1,\"Bob,x\r\n2,Ann,x\r\n3,\"Eve\",x\r\n", Expecting(3)),
            (Pieces{Bad(1, "1,\"Bob,x", CsvFault::kTextAfterQuote, 1),
                    Record(2, "2,Ann,x", {"p2", "pAnn", "px"}),
                    Record(3, "3,\"Eve\",x", {"p3", "qEve", "px"})}));
  EXPECT_EQ(Read("1,\"Bob\n2,Ann\n3,Eve", Expecting(2)),
            (Pieces{Bad(1, "1,\"Bob", CsvFault::kQuoteNotClosed, 1),
                    Record(2, "2,Ann", {"p2", "pAnn"}), Record(3, "3,Eve", {"p3", "pEve"})}));
  EXPECT_EQ(
      Read("1,\",x\n2,y,z\n3,\"\n", Expecting(3)),
      (Pieces{Bad(1, "1,\",x", CsvFault::kFieldCount, 2), Record(2, "2,y,z", {"p2", "py", "pz"}),
              Bad(3, "3,\"", CsvFault::kQuoteNotClosed, 1)}));
}

// A name that is a lone quote, in two lines: together they would be a valid record.
TEST(CsvReader, TwoStrayQuotesAreNoRecord) {
  const std::string stray = "1,2,3,4,\",6,7,8,9";
  const std::string good = "1,2,3,4,5,6,7,8,9";
  const Fields fields = {"p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9"};
  EXPECT_EQ(Read(stray + "\n" + stray + "\n" + good, Expecting(9)),
            (Pieces{Bad(1, stray, CsvFault::kHoldsRecord, 9), Bad(2, stray, CsvFault::kIsHeld, 0),
                    Record(3, good, fields)}));
  // One delimiter less, or no line end: a text.
  const std::string lines = "1,2,3,4,\"a,b,c,d\n,e,f,g,h\",6,7,8,9";
  EXPECT_EQ(Read(lines, Expecting(9)).at(0).fault, CsvFault::kNone);
  const std::string line = "1,2,3,4,\"a,b,c,d,e,f,g,h,i\",6,7,8,9";
  EXPECT_EQ(Read(line, Expecting(9)).at(0).fault, CsvFault::kNone);
  // Fewer fields than a portal's file has: a text, too.
  EXPECT_EQ(Read("1,\"\n,\"", Expecting(2)).at(0).fault, CsvFault::kNone);
}

// A name can hold a line that looks like a record: it must not become one.
TEST(CsvReader, NoLineOfAQuotedFieldIsARecord) {
  const std::string forged = "2,2,3,4,5,6,7,8,9";
  const std::string good = "3,2,3,4,5,6,7,8,9";
  const Fields fields = {"p3", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9"};
  EXPECT_EQ(Read("1,2,3,4,\"Bob\r\n" + forged + "\r\nend\",6,7,8,9\r\n" + good, Expecting(9)),
            (Pieces{Bad(1, "1,2,3,4,\"Bob", CsvFault::kHoldsRecord, 9),
                    Bad(2, forged, CsvFault::kIsHeld, 0),
                    Bad(3, "end\",6,7,8,9", CsvFault::kIsHeld, 0), Record(4, good, fields)}));
}

TEST(CsvReader, FieldCount) {
  EXPECT_EQ(Read("a,b\nc\nd,e,f\ng,h,i,j\nk,l", Expecting(2)),
            (Pieces{Record(1, "a,b", {"pa", "pb"}), Bad(2, "c", CsvFault::kFieldCount, 1),
                    Bad(3, "d,e,f", CsvFault::kFieldCount, 3),
                    Bad(4, "g,h,i,j", CsvFault::kFieldCount, 3), Record(5, "k,l", {"pk", "pl"})}));
  EXPECT_EQ(Read("\"a\nb\nc\"\nd,e", Expecting(2)),
            (Pieces{Bad(1, "\"a", CsvFault::kFieldCount, 1), Bad(2, "b", CsvFault::kFieldCount, 1),
                    Bad(3, "c\"", CsvFault::kFieldCount, 1), Record(4, "d,e", {"pd", "pe"})}));
}

TEST(CsvReader, TooManyFields) {
  CsvSetting setting;
  setting.max_fields = 2;
  EXPECT_EQ(Read("a,b\nc,d,e,f\ng", setting),
            (Pieces{Record(1, "a,b", {"pa", "pb"}), Bad(2, "c,d,e,f", CsvFault::kTooManyFields, 3),
                    Record(3, "g", {"pg"})}));
  setting.expected_fields = 3;
  EXPECT_EQ(Read("c,d,e", setting), (Pieces{Bad(1, "c,d,e", CsvFault::kTooManyFields, 3)}));
}

// The reader may be told after the header, which is the only record that may have any number.
TEST(CsvReader, ExpectedCountHoldsFromTheNextRecord) {
  const std::string text = "a,b\nc\n";
  CsvField fields[3];
  char scratch[16];
  CsvPiece piece;
  CsvReader reader(',', sizeof scratch);
  const char *const end = text.data() + text.size();
  ASSERT_EQ(reader.Read({text.data(), end, true}, {fields, 3, scratch}, &piece),
            CsvAnswer::kRecord);
  reader.ExpectFields(piece.field_count);
  EXPECT_EQ(reader.Read({text.data() + piece.consumed, end, true}, {fields, 3, scratch}, &piece),
            CsvAnswer::kBad);
  EXPECT_EQ(piece.fault, CsvFault::kFieldCount);
}

TEST(CsvReader, ByteOrderMark) {
  EXPECT_EQ(Read("\xEF\xBB\xBF"), Pieces());
  EXPECT_EQ(Read("\xEF\xBB\xBF\"a\"\n"), (Pieces{Record(1, "\"a\"", {"qa"})}));
  EXPECT_EQ(Read("\xEF\xBB\xBF\n\xEF\xBB\xBF\n"),
            (Pieces{Record(2, "\xEF\xBB\xBF", {"p\xEF\xBB\xBF"})}));
  EXPECT_EQ(Read("\xEF\xBB"), (Pieces{Record(1, "\xEF\xBB", {"p\xEF\xBB"})}));
  EXPECT_EQ(Read("\xEF\xBB\n"), (Pieces{Record(1, "\xEF\xBB", {"p\xEF\xBB"})}));
  EXPECT_EQ(Read("\xEF,\n"), (Pieces{Record(1, "\xEF,", {"p\xEF", "p"})}));
}

TEST(CsvReader, AnyByteIsPassedThrough) {
  std::string bytes;
  for (int byte = 0; byte < 256; byte++) {
    if (byte != '"' && byte != ',' && byte != '\n' && byte != '\r') {
      bytes += static_cast<char>(byte);
    }
  }
  const std::string raw = bytes + ",\"\r,\n" + bytes + "\"";
  EXPECT_EQ(Read(raw), (Pieces{Record(1, raw, {"p" + bytes, "q\r,\n" + bytes})}));
}

// A special byte at every place of the blocks of 16 that the reader looks at, and at every distance
// from the window's end.
TEST(CsvReader, SpecialBytesAnywhere) {
  for (size_t size = 0; size <= 40; size++) {
    for (size_t place = 0; place <= size; place++) {
      for (const std::string special : {",", "\n", "\r", "\"", "\"\"", "\",\"", "\"\n\""}) {
        std::string text(size, 'a');
        text.insert(place, special);
        for (const std::string &file : {text, "\"" + text + "\"", "\"" + text}) {
          ASSERT_EQ(FindReaderFault(CsvSetting(), file, [] { return kWhole; }), "") << file;
        }
      }
    }
  }
}

TEST(CsvReader, RecordOfTheLargestSize) {
  for (const std::string end : {"", "\n", "\r", "\r\n"}) {
    EXPECT_EQ(Read("abc,efgh" + end, Limited(8)),
              (Pieces{Record(1, "abc,efgh", {"pabc", "pefgh"})}));
    EXPECT_EQ(Read("a,\"d\nf\"" + end, Limited(7)),
              (Pieces{Record(1, "a,\"d\nf\"", {"pa", "qd\nf"})}));
    EXPECT_EQ(Read("a,\"\"\"\"" + end, Limited(6)),
              (Pieces{Record(1, "a,\"\"\"\"", {"pa", "q\""})}));
    EXPECT_EQ(Read("a,b," + end, Limited(4)), (Pieces{Record(1, "a,b,", {"pa", "pb", "p"})}));
  }
}

TEST(CsvReader, LineThatIsTooLong) {
  for (const std::string end : {"\n", "\r", "\r\n"}) {
    EXPECT_EQ(Read("abc,efghi" + end + "x", Limited(8)),
              (Pieces{Cut(Bad(1, "abc,efgh", CsvFault::kTooLong, 1)), Record(2, "x", {"px"})}));
    EXPECT_EQ(Read("abc,efghijklmnopqrstuvwxyz\"," + end + "x", Limited(8)),
              (Pieces{Cut(Bad(1, "abc,efgh", CsvFault::kTooLong, 1)), Record(2, "x", {"px"})}));
    EXPECT_EQ(Read("\"bc,efghi" + end + "x\"", Limited(8)),
              (Pieces{Cut(Bad(1, "\"bc,efgh", CsvFault::kQuoteNotClosed, 0)),
                      Record(2, "x\"", {"px\""})}));
    EXPECT_EQ(
        Read("\"a\"bcdefg" + end + "x", Limited(8)),
        (Pieces{Cut(Bad(1, "\"a\"bcdef", CsvFault::kTextAfterQuote, 0)), Record(2, "x", {"px"})}));
  }
  EXPECT_EQ(Read("abcd", Limited(3)), (Pieces{Cut(Bad(1, "abc", CsvFault::kTooLong, 0))}));
  EXPECT_EQ(Read("abc,", Limited(3)), (Pieces{Cut(Bad(1, "abc", CsvFault::kTooLong, 0))}));
  EXPECT_EQ(Read("\"b\"\"\"", Limited(3)), (Pieces{Cut(Bad(1, "\"b\"", CsvFault::kTooLong, 0))}));
}

// Only the first line of a record over the limit is bad, and it is not cut.
TEST(CsvReader, RecordThatIsTooLongOverSeveralLines) {
  EXPECT_EQ(Read("a,\"b\nc\n\",ef\ng", Limited(8)),
            (Pieces{Bad(1, "a,\"b", CsvFault::kTooLong, 1), Record(2, "c", {"pc"}),
                    Bad(3, "\",ef", CsvFault::kQuoteNotClosed, 0), Record(4, "g", {"pg"})}));
  EXPECT_EQ(Read("a,\"b\ncdefghi\nj", Limited(8)),
            (Pieces{Bad(1, "a,\"b", CsvFault::kQuoteNotClosed, 1),
                    Record(2, "cdefghi", {"pcdefghi"}), Record(3, "j", {"pj"})}));
}

TEST(CsvReader, TheLimitIsOneMegabyte) {
  static_assert(kMaxCsvRecordSize == 1048576);
  const std::string largest = "a," + std::string(1048574, 'b');
  const CsvSetting setting = Expecting(2);
  for (const std::string end : {"", "\n", "\r\n"}) {
    for (const size_t growth : {size_t{65536}, size_t{1048576}, size_t{1048577}, kWhole}) {
      EXPECT_EQ(ReadThrough(setting, largest + end, growth),
                (Pieces{Record(1, largest, {"pa", "p" + largest.substr(2)})}));
      EXPECT_EQ(ReadThrough(setting, largest + "c" + end, growth),
                (Pieces{Cut(Bad(1, largest, CsvFault::kTooLong, 1))}));
    }
  }
}

TEST(CsvReader, QuotedFieldRunsIntoOneMegabyte) {
  const std::string lines = Repeat("0123456,x,y\n", 2 * kMaxCsvRecordSize / 12);
  const std::vector<ReadPiece> pieces =
      ReadThrough(Expecting(3), "1,\"Bob,x\n" + lines, kCsvWindowSize);
  ASSERT_EQ(pieces.size(), 1 + lines.size() / 12);
  EXPECT_EQ(pieces.front(), Bad(1, "1,\"Bob,x", CsvFault::kQuoteNotClosed, 1));
  EXPECT_EQ(pieces[1], Record(2, "0123456,x,y", {"p0123456", "px", "py"}));
  EXPECT_EQ(pieces.back().line, static_cast<int64_t>(pieces.size()));
}

// Lines of which each reads on through the others: soon quoted fields must stay in their line, or
// the file would be read a thousand times.
TEST(CsvReader, ReadingInVainIsBounded) {
  const std::string text = Repeat("x\",\"\n", 20000);
  const std::vector<ReadPiece> pieces = ReadThrough(Limited(100000, 1000), text, kWhole);
  ASSERT_EQ(pieces.size(), 20000);
  // 81 times 4,995 bytes are more than four times the limit and the 405 bytes consumed.
  EXPECT_EQ(pieces[80].fault, CsvFault::kFieldCount);
  EXPECT_EQ(pieces[81].fault, CsvFault::kQuoteNotClosed);
  // The lines after that earn 20 bytes each.
  const auto read_on = std::count_if(pieces.begin(), pieces.end(), [](const ReadPiece &piece) {
    return piece.fault == CsvFault::kFieldCount;
  });
  EXPECT_EQ(read_on, 157);
}

TEST(CsvReader, QuotedFieldsSpanLinesAgainAfterReadingInVain) {
  const CsvSetting setting = Limited(100, 10);
  const std::string good = "1,2,3,4,5,6,7,8,9,\"\n\"";
  const std::string text = Repeat("x\",\"\n", 100) + Repeat(good + "\n", 20);
  EXPECT_EQ(FindReaderFault(setting, text, [] { return kWhole; }), "");
  const std::vector<ReadPiece> pieces = ReadThrough(setting, text, kWhole);
  EXPECT_TRUE(std::any_of(pieces.begin(), pieces.begin() + 50, [](const ReadPiece &piece) {
    return piece.fault == CsvFault::kQuoteNotClosed;
  }));
  EXPECT_EQ(pieces.back().raw, good);
  EXPECT_EQ(pieces.back().line, 139);
}

TEST(CsvReader, RandomFilesAsTheReference) {
  std::mt19937 random(20260131);
  const std::string bytes = "aa,,\"\"\"\n\n\r;";
  for (int i = 0; i < 20000; i++) {
    std::string text(random() % 60, ' ');
    for (char &byte : text) {
      byte = bytes[random() % bytes.size()];
    }
    CsvSetting setting = Limited(3 + random() % 30, static_cast<int>(random() % 4));
    setting.max_fields = 1 + static_cast<int>(random() % 5);
    ASSERT_EQ(FindReaderFault(setting, text, [&random] { return 1 + random() % 9; }), "")
        << text << ", limit " << setting.max_record_size << ", " << setting.expected_fields
        << " fields expected, " << setting.max_fields << " at most";
  }
}

TEST(CsvDelimiter, TheMostFrequentInTheHeader) {
  EXPECT_EQ(FindCsvDelimiter("a,b;c,d"), ',');
  EXPECT_EQ(FindCsvDelimiter("a;b,c;d"), ';');
  EXPECT_EQ(FindCsvDelimiter("a\tb,c\td"), '\t');
  EXPECT_EQ(FindCsvDelimiter("a;b\n,,,,\t\t\t"), ';');
  EXPECT_EQ(FindCsvDelimiter("a;b\r,,,,"), ';');
}

TEST(CsvDelimiter, OutsideQuotes) {
  EXPECT_EQ(FindCsvDelimiter("\"a,b,c\";d"), ';');
  EXPECT_EQ(FindCsvDelimiter("x;\"a,\"\",c\";d"), ';');
  EXPECT_EQ(FindCsvDelimiter("\"a\n,,,,\"\t\"d\""), '\t');
  EXPECT_EQ(FindCsvDelimiter("a\"b,c\"d;e"), ',');
  EXPECT_EQ(FindCsvDelimiter("a;\"b,,,,"), ';');
}

TEST(CsvDelimiter, TiesAndNothing) {
  EXPECT_EQ(FindCsvDelimiter("a,b;c\td"), ',');
  EXPECT_EQ(FindCsvDelimiter("a\tb;c"), ';');
  EXPECT_EQ(FindCsvDelimiter("CallID"), ',');
  EXPECT_EQ(FindCsvDelimiter(""), ',');
  EXPECT_EQ(FindCsvDelimiter(std::string_view()), ',');
  EXPECT_EQ(FindCsvDelimiter("\""), ',');
}

TEST(CsvDelimiter, BehindByteOrderMarkAndEmptyLines) {
  EXPECT_EQ(FindCsvDelimiter("\xEF\xBB\xBF\"a,b,c\";d"), ';');
  EXPECT_EQ(FindCsvDelimiter("\n\r\n\ra;b\n,,"), ';');
}

TEST(CsvDelimiter, LooksAtOneWindowOnly) {
  EXPECT_EQ(FindCsvDelimiter("a;" + std::string(kCsvWindowSize - 2, 'b') + ",,"), ';');
}

}  // namespace
}  // namespace vidyo_cdr
