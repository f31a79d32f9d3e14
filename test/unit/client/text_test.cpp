// Counting records in CSV text, and numbers and progress as people see them.
#include <gtest/gtest.h>

#include "client/numbers.hpp"
#include "client/progress.hpp"
#include "client/record_counter.hpp"

namespace vidyo_cdr {
namespace {

// How many lines a text has, however it is cut in two.
int64_t CountLines(std::string_view text) {
  RecordCounter whole;
  whole.Add(text);
  for (size_t cut = 0; cut <= text.size(); cut++) {
    RecordCounter halves;
    halves.Add(text.substr(0, cut));
    halves.Add(text.substr(cut));
    EXPECT_EQ(halves.Lines(), whole.Lines()) << text << " cut at " << cut;
  }
  return whole.Lines();
}

TEST(RecordCounter, CountsLines) {
  EXPECT_EQ(CountLines(""), 0);
  EXPECT_EQ(CountLines("a,b\n1,2\n"), 2);
  EXPECT_EQ(CountLines("a,b\r\n1,2\r\n"), 2);
}

TEST(RecordCounter, CountsNoLineFeedInQuotes) {
  EXPECT_EQ(CountLines("\"a\nb\",c\n"), 1);
  EXPECT_EQ(CountLines("\"say \"\"\n\"\"\",c\n\"\"\n"), 2);
  EXPECT_EQ(CountLines("\"\"\"\n\"\"\"\n"), 1);
}

TEST(Numbers, AreForPeople) {
  EXPECT_EQ(WithCommas(0), "0");
  EXPECT_EQ(WithCommas(999), "999");
  EXPECT_EQ(WithCommas(1000), "1,000");
  EXPECT_EQ(WithCommas(1234567), "1,234,567");
  EXPECT_EQ(WithCommas(-123), "-123");
  EXPECT_EQ(Counted(1, "record"), "1 record");
  EXPECT_EQ(Counted(65000, "record"), "65,000 records");
  EXPECT_EQ(Megabytes(20'650'000), "20.6 MB");
  EXPECT_EQ(ClockTime(7), "0:07");
  EXPECT_EQ(ClockTime(3909), "1:05:09");
}

TEST(Progress, ShowsABar) {
  const ProgressFigures half = {50, 100, 10'000'000, 2};
  EXPECT_EQ(FormatProgress(half, 200),
            "[############            ] 50 of 100 records, 5.0 MB/s, 0:02 left");
  EXPECT_EQ(FormatProgress(half, 50), "50 of 100 records, 5.0 MB/s, 0:02 left");
  EXPECT_EQ(FormatProgress(half, 10), "50 of 100");
  EXPECT_EQ(FormatProgress({0, 100, 0, 0}, 80),
            "[                        ] 0 of 100 records, 0.0 MB/s");
  EXPECT_EQ(FormatProgress({0, 0, 0, 5}, 80),
            "[########################] 0 of 0 records, 0.0 MB/s");
}

}  // namespace
}  // namespace vidyo_cdr
