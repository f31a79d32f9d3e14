// Charts over time, each with the table of its numbers.
#include "report/sections.hpp"

#include <algorithm>
#include <cmath>

#include "base/memory.hpp"
#include "core/chart/chart.hpp"
#include "core/html/table.hpp"
#include "core/report/time_axis.hpp"
#include "report/document.hpp"

namespace vidyo_cdr {

namespace {

// The values that one member has in each bucket.
template <typename Value>
Slice<double> ValuesOf(Slice<Participants> buckets, Value Participants::*member) {
  auto *values = AllocateArray<double>(static_cast<int64_t>(buckets.count));
  for (size_t i = 0; i < buckets.count; i++) {
    values[i] = static_cast<double>(buckets[i].*member);
  }
  return {values, buckets.count};
}

// The ticks of an axis. Those of bars stand below the middle of the bar.
Slice<AxisTick> TicksOf(Slice<TimeRange> buckets, const PageReader &reader, bool are_bars) {
  GrowingArray<TimeTick> ticks(MemoryOf(reader.context()));
  AddTimeTicks(buckets, reader.request().Rules(), &ticks);
  auto *axis = AllocateArray<AxisTick>(static_cast<int64_t>(ticks.Size()));
  for (size_t i = 0; i < ticks.Size(); i++) {
    const TimeTick &tick = ticks[i];
    axis[i] = {are_bars ? std::floor(tick.at) + 0.5 : tick.at, tick.label, tick.context};
  }
  return {axis, ticks.Size()};
}

Slice<TimeRange> RangesOf(Slice<Participants> buckets) {
  auto *ranges = AllocateArray<TimeRange>(static_cast<int64_t>(buckets.count));
  for (size_t i = 0; i < buckets.count; i++) {
    ranges[i] = {buckets[i].start, buckets[i].end};
  }
  return {ranges, buckets.count};
}

// The first bucket with the highest peak, if there is one.
size_t PeakBucket(Slice<Participants> buckets) {
  size_t highest = LineChart::kNoPeak;
  for (size_t i = 0; i < buckets.count; i++) {
    if (buckets[i].peak > (highest == LineChart::kNoPeak ? 0 : buckets[highest].peak)) {
      highest = i;
    }
  }
  return highest;
}

void AddLines(const UsageOverTime &usage, const PageReader &reader, ClockWriter *clock,
              HtmlWriter *html) {
  const Series series[] = {{"Most at once", ValuesOf(usage.buckets, &Participants::peak)},
                           {"Average", ValuesOf(usage.buckets, &Participants::average)}};
  LineChart chart = {};
  chart.peak_bucket = PeakBucket(usage.buckets);
  Words label;
  if (chart.peak_bucket != LineChart::kNoPeak) {
    const Participants &peak = usage.buckets[chart.peak_bucket];
    label.AddNumber(static_cast<double>(peak.peak)).Add(" on ").Add(clock->Short(peak.peak_time));
  }
  chart.peak_label = label;
  const Words description =
      Words("The most participants at once, and their average, for ")
          .Add(EachText(usage.bucket))
          .Add(". ")
          .Add(label.View().empty() ? "There were none." : "The highest point is ")
          .Add(label);
  chart.chart = {{"over-time-chart", "Participants over time", description},
                 "participants",
                 usage.buckets.count,
                 series,
                 TicksOf(RangesOf(usage.buckets), reader, false)};
  AddChart(chart, html);
}

void AddLineNumbers(const UsageOverTime &usage, ClockWriter *clock, HtmlWriter *html) {
  static constexpr TableColumn kColumns[] = {
      {"From", false}, {"Most at once", true}, {"First at", false}, {"Average", true}};
  OpenNumbers(html);
  HtmlTable table("Participants over time", kColumns, html);
  for (const Participants &bucket : usage.buckets) {
    CHECK_FOR_INTERRUPTS();
    table.Text(clock->Bucket(bucket.start, usage.bucket));
    table.Number(static_cast<double>(bucket.peak));
    table.Text(bucket.peak == 0 ? Words() : clock->Moment(bucket.peak_time));
    table.Number(bucket.average, 2);
  }
  table.Close();
  CloseNumbers(html);
}

Words HourName(int32_t hour) { return Words().AddDigits(hour, 2).Add(":00"); }

void AddWeekMap(const WeekBuilder &week, HtmlWriter *html) {
  std::string_view days[WeekBuilder::kDays];
  double values[WeekBuilder::kDays * WeekBuilder::kHours];
  for (int32_t day = 0; day < WeekBuilder::kDays; day++) {
    days[day] = ShortName(WeekdayName(day));
    for (int32_t hour = 0; hour < WeekBuilder::kHours; hour++) {
      values[day * WeekBuilder::kHours + hour] = week.Average(day, hour);
    }
  }
  Words names[WeekBuilder::kHours];
  std::string_view hours[WeekBuilder::kHours];
  for (int32_t hour = 0; hour < WeekBuilder::kHours; hour++) {
    names[hour].AddDigits(hour, 2);
    hours[hour] = names[hour];
  }
  const HeatMap map = {{"week-chart", "Participants by hour of the week",
                        "Average number of participants in each hour of each weekday."},
                       "participants on average",
                       days,
                       hours,
                       values};
  AddChart(map, html);
}

void AddWeekNumbers(const WeekBuilder &week, HtmlWriter *html) {
  TableColumn columns[WeekBuilder::kDays + 1] = {{"Hour from", false}};
  for (int32_t day = 0; day < WeekBuilder::kDays; day++) {
    columns[day + 1] = {WeekdayName(day), true};
  }
  OpenNumbers(html);
  HtmlTable table("Average number of participants by hour of the week", columns, html);
  for (int32_t hour = 0; hour < WeekBuilder::kHours; hour++) {
    table.Text(HourName(hour));
    for (int32_t day = 0; day < WeekBuilder::kDays; day++) {
      table.Number(week.Average(day, hour), 2);
    }
  }
  table.Close();
  CloseNumbers(html);
}

// The types that have minutes, with their names.
struct ShownTypes {
  int count;
  int types[MinutesByType::kTypes];
  std::string_view names[MinutesByType::kTypes];
};

ShownTypes TypesOf(const MinutesByType &minutes) {
  ShownTypes shown = {};
  for (int i = 0; i < MinutesByType::kTypes; i++) {
    if (minutes.sums[i] > 0) {
      shown.types[shown.count] = i;
      shown.names[shown.count++] = MinutesByType::kNames[i];
    }
  }
  return shown;
}

void AddBars(const MinutesByType &minutes, const ShownTypes &shown, const PageReader &reader,
             HtmlWriter *html) {
  Series series[MinutesByType::kTypes];
  for (int i = 0; i < shown.count; i++) {
    series[i] = {shown.names[i], minutes.minutes[shown.types[i]]};
  }
  const Words description =
      Words("Participant minutes for ").Add(EachText(minutes.bucket)).Add(", by type of endpoint.");
  AddChart(StackedBars{{{"minutes-chart", "Participant minutes over time", description},
                        "participant minutes",
                        minutes.buckets.count,
                        {series, static_cast<size_t>(shown.count)},
                        TicksOf(minutes.buckets, reader, true)}},
           html);
}

void AddBarNumbers(const MinutesByType &minutes, const ShownTypes &shown, ClockWriter *clock,
                   HtmlWriter *html) {
  TableColumn columns[MinutesByType::kTypes + 1] = {{"From", false}};
  double largest = 0;
  for (int i = 0; i < shown.count; i++) {
    columns[i + 1] = {shown.names[i], true};
    largest = std::max(largest, minutes.sums[shown.types[i]]);
  }
  OpenNumbers(html);
  HtmlTable table("Participant minutes by type of endpoint",
                  {columns, static_cast<size_t>(shown.count) + 1}, html);
  for (size_t bucket = 0; bucket < minutes.buckets.count; bucket++) {
    table.Text(clock->Bucket(minutes.buckets[bucket].start, minutes.bucket));
    for (int i = 0; i < shown.count; i++) {
      table.Number(minutes.minutes[shown.types[i]][bucket], DecimalsFor(largest));
    }
  }
  table.Close();
  CloseNumbers(html);
}

}  // namespace

void AddUsageOverTime(const Overview &overview, const PageReader &reader, HtmlWriter *html) {
  ClockWriter clock(reader.request().Rules());
  const UsageOverTime usage = ReadOverTime(reader, overview.totals.range, overview.until);
  OpenSection("over-time", "Participants over time", html);
  html->Markup("<p>The most participants at once, and their average, for ");
  html->Text(EachText(usage.bucket)).Markup(".</p>\n");
  AddLines(usage, reader, &clock, html);
  AddLineNumbers(usage, &clock, html);
  CloseSection(html);
  if (usage.has_week) {
    OpenSection("week", "Hours of the week", html);
    html->Markup("<p>How many participants there were on average in each hour.</p>\n");
    AddWeekMap(usage.week, html);
    AddWeekNumbers(usage.week, html);
    CloseSection(html);
  }
}

void AddMinutesByType(const Overview &overview, const PageReader &reader, HtmlWriter *html) {
  ClockWriter clock(reader.request().Rules());
  const MinutesByType minutes = ReadMinutesByType(reader, overview.totals.range, overview.until);
  const ShownTypes shown = TypesOf(minutes);
  OpenSection("minutes", "Participant minutes by type of endpoint", html);
  html->Markup("<p>For ").Text(EachText(minutes.bucket)).Markup(".</p>\n");
  AddBars(minutes, shown, reader, html);
  AddBarNumbers(minutes, shown, &clock, html);
  CloseSection(html);
}

}  // namespace vidyo_cdr
