// What a page of usage figures says: its ranges, words, series and axes of time.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/html/ascii.hpp"
#include "core/report/range.hpp"
#include "core/report/series.hpp"
#include "core/report/time_axis.hpp"
#include "core/report/words.hpp"
#include "core/time/reader.hpp"
#include "fake_zones.hpp"
#include "test_memory.hpp"

namespace vidyo_cdr {
namespace {

constexpr int64_t kSecond = 1000000;
constexpr int64_t kMinute = 60 * kSecond;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kDay = 24 * kHour;

// A moment as New York's clocks show it, in winter (-05) or in summer (-04).
int64_t At(const std::string &text) {
  WrittenTime time;
  EXPECT_TRUE(ReadTime(text, &time) && time.has_offset) << text;
  return time.seconds * kSecond + time.microseconds;
}

ZoneRules RulesOf(FakeZone *zone) { return {FakeZone::Find, zone}; }

std::string Of(const Words &words) { return std::string(words.View()); }

std::string NameOf(TimeRange range, FakeZone *zone) {
  return Of(ClockWriter(RulesOf(zone)).Range(range, ShapeOf(range, RulesOf(zone))));
}

std::string NameBefore(TimeRange range, FakeZone *zone) {
  TimeRange before;
  return FindRangeBefore(range, ShapeOf(range, RulesOf(zone)), RulesOf(zone), &before)
             ? NameOf(before, zone)
             : "none";
}

TEST(Report, ARangeIsNamedAndComparedAsPeopleDo) {
  FakeZone zone = NewYork();
  struct Case {
    const char *start;
    const char *end;
    const char *name;
    const char *before;
  };
  for (const Case &c : std::vector<Case>{
           {"2026-01-01 00:00:00-05", "2026-02-01 00:00:00-05", "January 2026", "December 2025"},
           {"2026-03-01 00:00:00-05", "2026-04-01 00:00:00-04", "March 2026", "February 2026"},
           {"2026-01-01 00:00:00-05", "2026-04-01 00:00:00-04", "January to March 2026",
            "October to December 2025"},
           {"2025-12-01 00:00:00-05", "2026-02-01 00:00:00-05", "December 2025 to January 2026",
            "October to November 2025"},
           {"2025-01-01 00:00:00-05", "2026-01-01 00:00:00-05", "2025", "2024"},
           {"2024-01-01 00:00:00-05", "2026-01-01 00:00:00-05", "2024 to 2025", "2022 to 2023"},
           {"2026-01-06 00:00:00-05", "2026-01-07 00:00:00-05", "Tuesday 6 January 2026",
            "Monday 5 January 2026"},
           {"2026-01-06 00:00:00-05", "2026-01-08 00:00:00-05", "6 to 7 January 2026",
            "4 to 5 January 2026"},
           // A week with a day of 23 hours, before it one of 24 hours each.
           {"2026-03-08 00:00:00-05", "2026-03-15 00:00:00-04", "8 to 14 March 2026",
            "1 to 7 March 2026"},
           {"2026-01-31 00:00:00-05", "2026-02-02 00:00:00-05", "31 January to 1 February 2026",
            "29 to 30 January 2026"},
           {"2025-12-31 00:00:00-05", "2026-01-02 00:00:00-05",
            "31 December 2025 to 1 January 2026", "29 to 30 December 2025"},
           {"2026-01-06 10:15:00-05", "2026-01-06 10:15:01-05",
            "Tuesday 6 January 2026, 10:15 to 10:15:01",
            "Tuesday 6 January 2026, 10:14:59 to 10:15"},
           {"2026-01-06 23:00:00-05", "2026-01-07 01:00:00-05",
            "Tuesday 6 January 2026, 23:00 to Wednesday 7 January 2026, 01:00",
            "Tuesday 6 January 2026, 21:00 to 23:00"},
       }) {
    const TimeRange range = {At(c.start), At(c.end)};
    EXPECT_EQ(NameOf(range, &zone), c.name);
    EXPECT_EQ(NameBefore(range, &zone), c.before);
  }
}

TEST(Report, NothingComesBeforeAllTime) {
  FakeZone utc(0);
  EXPECT_EQ(NameBefore({kFirstMoment + kHour, kFirstMoment + 3 * kHour}, &utc), "none");
  EXPECT_EQ(NameBefore({kFirstMoment + kHour, kMomentsEnd - 1}, &utc), "none");
  EXPECT_NE(NameBefore({kFirstMoment + 2 * kHour, kFirstMoment + 4 * kHour}, &utc), "none");
}

TEST(Report, TheLastWholeMonthIsOver) {
  FakeZone zone = NewYork();
  const ZoneRules rules = RulesOf(&zone);
  EXPECT_EQ(NameOf(LastWholeMonth(At("2026-04-01 00:00:00-04"), rules), &zone), "March 2026");
  EXPECT_EQ(NameOf(LastWholeMonth(At("2026-04-01 00:00:00-04") - 1, rules), &zone),
            "February 2026");
  EXPECT_EQ(NameOf(LastWholeMonth(At("2026-01-15 12:00:00-05"), rules), &zone), "December 2025");
}

TEST(Report, BucketsAreAsShortAsTheirNumberAllows) {
  const auto each = [](int64_t length) { return Of(EachText(ChooseBucket({0, length}, 400))); };
  EXPECT_EQ(each(1), "each minute");
  EXPECT_EQ(each(400 * kMinute), "each minute");
  EXPECT_EQ(each(402 * kMinute), "every 5 minutes");
  EXPECT_EQ(each(7 * kDay), "every 30 minutes");
  EXPECT_EQ(each(16 * kDay), "each hour");
  EXPECT_EQ(each(31 * kDay), "every 2 hours");
  EXPECT_EQ(each(92 * kDay), "every 6 hours");
  EXPECT_EQ(each(366 * kDay), "each day");
  EXPECT_EQ(each(1827 * kDay), "each week");
  EXPECT_EQ(each(3660 * kDay), "each month");
  EXPECT_EQ(each(35000 * kDay), "every 3 months");
  EXPECT_EQ(each(366 * 400 * kDay), "every 10 years");
  EXPECT_EQ(each(kMomentsEnd), "every 1000 years");
  // The longest range that there is has no length that 64 bits hold.
  EXPECT_EQ(Of(EachText(ChooseBucket({kFirstMoment, kMomentsEnd - 1}, 400))), "every 1000 years");
}

TEST(Report, WhatIsComparedSaysHow) {
  EXPECT_EQ(Of(ChangeText(112, 100)), "up 12 %");
  EXPECT_EQ(Of(ChangeText(97, 100)), "down 3.0 %");
  EXPECT_EQ(Of(ChangeText(1000, 1001)), "down less than 0.1 %");
  EXPECT_EQ(Of(ChangeText(5, 5)), "unchanged");
  EXPECT_EQ(Of(ChangeText(0, 0)), "unchanged");
  EXPECT_EQ(Of(ChangeText(0, 7)), "down 100 %");
  EXPECT_EQ(Of(ChangeText(1, 1000)), "down more than 99 %");  // some are left
  EXPECT_EQ(Of(ChangeText(10, 1000)), "down 99 %");
  EXPECT_EQ(Of(ChangeText(7, 0)), "none before");
  EXPECT_EQ(Of(ChangeText(70, 7)), "up 900 %");
  EXPECT_EQ(Of(ChangeText(71, 7)), "up more than tenfold");
  EXPECT_EQ(Of(Counted(1, "room", "rooms")), "1 room");
  EXPECT_EQ(Of(Counted(1234, "room", "rooms")), "1,234 rooms");
}

TEST(Report, TimesThatComeTwiceAreToldApart) {
  FakeZone zone = NewYork();
  ClockWriter clock(RulesOf(&zone));
  EXPECT_EQ(Of(clock.Moment(At("2026-11-01 01:30:00-04"))),
            "Sunday 1 November 2026, 01:30 (UTC-4)");
  EXPECT_EQ(Of(clock.Moment(At("2026-11-01 01:30:00-05"))),
            "Sunday 1 November 2026, 01:30 (UTC-5)");
  EXPECT_EQ(Of(clock.Moment(At("2026-11-01 02:00:00-05"))), "Sunday 1 November 2026, 02:00");
  FakeZone lord_howe = LordHowe();
  EXPECT_EQ(Of(ClockWriter(RulesOf(&lord_howe)).Time(At("2026-04-05 01:45:00+11"))),
            "01:45 (UTC+11)");
  EXPECT_EQ(Of(ClockWriter(RulesOf(&lord_howe)).Time(At("2026-04-05 01:45:00+10:30"))),
            "01:45 (UTC+10:30)");
}

TEST(Report, YearsBeforeChristAndFarAheadAreWritten) {
  FakeZone utc(0);
  ClockWriter clock(RulesOf(&utc));
  EXPECT_EQ(Of(clock.Moment(kFirstMoment)), "Monday 24 November 4714 BC, 00:00");
  EXPECT_EQ(Of(clock.Minute(kMomentsEnd - 1)), "Sunday 31 December 294276, 23:59");
  EXPECT_EQ(Of(clock.Short(At("2026-01-06 10:15:20+00"))), "Tue 6 Jan 2026, 10:15");
  EXPECT_EQ(Of(clock.Moment(At("2026-01-06 10:15:20.9+00"))), "Tuesday 6 January 2026, 10:15:20");
}

TEST(Report, WordsThatDoNotFitAreLeftOut) {
  Words words;
  for (int i = 0; i < 50; i++) {
    words.Add("12345678");
  }
  EXPECT_EQ(words.View().size(), 160U);
}

TEST(Report, HoursMakeDays) {
  TestMemory memory;
  FakeZone zone = NewYork();
  SeriesBuilder series(Calendar({BucketLength::kDays, 1}, FakeZone::Find, &zone), memory.Get());
  // From 22:00 on the evening before a day of 23 hours until 01:00 after it.
  const int64_t start = At("2026-03-07 22:00:00-05");
  for (int i = 0; i < 26; i++) {
    const int64_t hour = start + i * kHour;
    ASSERT_TRUE(series.Add({hour, hour + kHour, i % 7, hour + i, static_cast<double>(i)}));
  }
  const Slice<Participants> days = series.Buckets();
  ASSERT_EQ(days.count, 3U);
  EXPECT_EQ(days[0].end, At("2026-03-08 00:00:00-05"));
  EXPECT_EQ(days[0].peak, 1);
  EXPECT_DOUBLE_EQ(days[0].average, 0.5);
  EXPECT_EQ(days[1].start, At("2026-03-08 00:00:00-05"));
  EXPECT_EQ(days[1].end, At("2026-03-09 00:00:00-04"));
  EXPECT_EQ(days[1].peak, 6);
  EXPECT_EQ(days[1].peak_time, start + 6 * kHour + 6);  // the first of several
  EXPECT_DOUBLE_EQ(days[1].average, 13);
  EXPECT_EQ(days[2].peak, 4);
}

TEST(Report, HoursOfTheWeekAreAveraged) {
  FakeZone zone = NewYork();
  WeekBuilder week(RulesOf(&zone));
  // Two Mondays at 9, one in winter and one in summer; and a quarter of the hour after the first.
  week.Add({At("2026-03-02 09:00:00-05"), At("2026-03-02 10:00:00-05"), 0, 0, 10});
  week.Add({At("2026-03-09 09:00:00-04"), At("2026-03-09 10:00:00-04"), 0, 0, 20});
  week.Add({At("2026-03-02 10:00:00-05"), At("2026-03-02 10:15:00-05"), 0, 0, 8});
  week.Add({At("2026-03-02 10:15:00-05"), At("2026-03-02 11:00:00-05"), 0, 0, 4});
  EXPECT_DOUBLE_EQ(week.Average(0, 9), 15);
  EXPECT_DOUBLE_EQ(week.Average(0, 10), 5);
  EXPECT_DOUBLE_EQ(week.Average(6, 23), 0);
}

// The ticks of buckets as "at label (context)".
std::vector<std::string> TicksOf(const std::vector<TimeRange> &buckets, FakeZone *zone,
                                 Memory memory) {
  GrowingArray<TimeTick> ticks(memory);
  EXPECT_TRUE(AddTimeTicks({buckets.data(), buckets.size()}, RulesOf(zone), &ticks));
  std::vector<std::string> texts;
  for (const TimeTick &tick : ticks) {
    texts.push_back(std::to_string(tick.at).substr(0, 4) + " " + Of(tick.label) + " (" +
                    Of(tick.context) + ")");
  }
  return texts;
}

TEST(Report, TicksStandWhereTimeIs) {
  FakeZone zone = NewYork();
  TestMemory memory;
  const int64_t start = At("2026-01-31 22:30:00-05");
  using Texts = std::vector<std::string>;
  EXPECT_EQ(
      TicksOf({{start, start + kHour}, {start + kHour, start + 2 * kHour}}, &zone, memory.Get()),
      (Texts{"0.00 22:30 (Sat 31 Jan)", "0.08 22:35 (Sat 31 Jan)", "0.16 22:40 (Sat 31 Jan)",
             "0.25 22:45 (Sat 31 Jan)", "0.33 22:50 (Sat 31 Jan)", "0.41 22:55 (Sat 31 Jan)",
             "0.50 23:00 (Sat 31 Jan)", "0.58 23:05 (Sat 31 Jan)", "0.66 23:10 (Sat 31 Jan)",
             "0.75 23:15 (Sat 31 Jan)", "0.83 23:20 (Sat 31 Jan)", "0.91 23:25 (Sat 31 Jan)",
             "1.00 23:30 (Sat 31 Jan)", "1.08 23:35 (Sat 31 Jan)", "1.16 23:40 (Sat 31 Jan)",
             "1.25 23:45 (Sat 31 Jan)", "1.33 23:50 (Sat 31 Jan)", "1.41 23:55 (Sat 31 Jan)",
             "1.50 00:00 (Sun 1 Feb)",  "1.58 00:05 (Sun 1 Feb)",  "1.66 00:10 (Sun 1 Feb)",
             "1.75 00:15 (Sun 1 Feb)",  "1.83 00:20 (Sun 1 Feb)",  "1.91 00:25 (Sun 1 Feb)"}));
  EXPECT_EQ(TicksOf({{start, start + 2 * kDay}}, &zone, memory.Get()).front(),
            "0.03 00:00 (Sun 1 Feb)");
  EXPECT_EQ(TicksOf({{start, start + 20 * kDay}}, &zone, memory.Get()).front(),
            "0.00 1 (February 2026)");
  EXPECT_EQ(TicksOf({{start, start + 90 * kDay}}, &zone, memory.Get()).front(),
            "0.01 2 Feb (2026)");
  EXPECT_EQ(TicksOf({{start, start + 700 * kDay}}, &zone, memory.Get()).front(), "0.00 Feb (2026)");
  EXPECT_EQ(TicksOf({{start, start + 9000 * kDay}}, &zone, memory.Get()).front(), "0.03 2027 ()");
  EXPECT_EQ(TicksOf({{start, start + 90000 * kDay}}, &zone, memory.Get()).front(), "0.01 2030 ()");
  EXPECT_TRUE(TicksOf({}, &zone, memory.Get()).empty());
}

TEST(Report, HtmlBecomesAscii) {
  TestMemory memory;
  const auto ascii = [&memory](std::string_view html) {
    GrowingArray<char> out(memory.Get());
    EXPECT_TRUE(AddAscii(html, &out));
    return std::string(out.begin(), out.Size());
  };
  EXPECT_EQ(ascii(""), "");
  EXPECT_EQ(ascii("<b>&amp;</b>"), "<b>&amp;</b>");
  EXPECT_EQ(ascii("\xc3\xa9t\xc3\xa9"), "&#xe9;t&#xe9;");
  EXPECT_EQ(ascii("a\xf0\x9f\x98\x80"), "a&#x1f600;");
  EXPECT_EQ(ascii("\xff<"), "&#xfffd;<");
}

TEST(Report, WithoutMemoryItStops) {
  FakeZone utc(0);
  TestMemory memory(0);
  GrowingArray<char> out(memory.Get());
  EXPECT_FALSE(AddAscii("a", &out));
  EXPECT_FALSE(AddAscii("\xc3\xa9", &out));
  SeriesBuilder series(Calendar({BucketLength::kDays, 1}, FakeZone::Find, &utc), memory.Get());
  EXPECT_FALSE(series.Add({0, kHour, 1, 0, 1}));
  GrowingArray<TimeTick> ticks(memory.Get());
  const TimeRange day = {0, kDay};
  EXPECT_FALSE(AddTimeTicks({&day, 1}, RulesOf(&utc), &ticks));
}

}  // namespace
}  // namespace vidyo_cdr
