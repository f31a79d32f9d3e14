// What all charts have in common: their texts, and the two forms that each is drawn in.
//
// A chart is inline SVG without script and external resources. Its looks are classes of
// kChartStyle (style.hpp), which the page has in its style sheet. Since a drawing that is made
// smaller makes its text smaller too, there is one for wide windows and one for narrow ones, of
// which the style sheet shows the one that fits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/html/writer.hpp"
#include "core/slice.hpp"

namespace vidyo_cdr {

enum class ChartForm {
  kWide,    // 800 units
  kNarrow,  // 360 units, for telephones
};

struct ChartHead {
  std::string_view id;           // of letters, digits, - and _; unlike all others of the page
  std::string_view title;        // what it shows
  std::string_view description;  // what there is to see in it, for those who cannot
};

// A place on an axis of time. They come in order, and lie inside of it.
struct AxisTick {
  double at;               // counted in buckets: 0 is where the first one begins, 1 where it ends
  std::string_view label;  // "14:00", "13", "Mar"
  std::string_view
      context;  // "Tue 13 Jan", "January 2026", "2026": below the first of those with it
};

// Values of something, one a bucket. What is negative or no number is drawn as 0.
struct Series {
  std::string_view name;
  Slice<double> values;
};

// Values over time. As many ticks are labelled as have room.
struct TimeChart {
  static constexpr size_t kMaxSeries = 8;

  ChartHead head;
  std::string_view unit;  // of the values: "participants"
  size_t buckets;
  Slice<Series> series;  // the rest beyond kMaxSeries is left out
  Slice<AxisTick> ticks;
};

// Series as lines, the first of them on a shaded ground; stepped where buckets are wide.
struct LineChart {
  static constexpr size_t kNoPeak = SIZE_MAX;

  TimeChart chart;
  size_t peak_bucket = kNoPeak;      // is marked on the first series,
  std::string_view peak_label = {};  // with this
};

// Series as bars on top of each other, the first at the bottom.
struct StackedBars {
  TimeChart chart;
};

// Values of rows by columns, as numbers on shades. Its narrow form has rows as columns.
struct HeatMap {
  ChartHead head;
  std::string_view unit;
  Slice<std::string_view> rows;  // names, which are short
  Slice<std::string_view> columns;
  Slice<double> values;  // row after row
};

// Values of things with names, one below the other.
struct BarList {
  struct Row {
    std::string_view name;
    double value;
  };

  ChartHead head;
  Slice<Row> rows;
};

// Add a chart in one of its forms.
void DrawChart(const LineChart &lines, ChartForm form, HtmlWriter *html) noexcept;
void DrawChart(const StackedBars &bars, ChartForm form, HtmlWriter *html) noexcept;
void DrawChart(const HeatMap &map, ChartForm form, HtmlWriter *html) noexcept;
void DrawChart(const BarList &list, ChartForm form, HtmlWriter *html) noexcept;

// Adds a chart in both forms, for a page.
template <typename Chart>
void AddChart(const Chart &chart, HtmlWriter *html) noexcept {
  DrawChart(chart, ChartForm::kWide, html);
  DrawChart(chart, ChartForm::kNarrow, html);
}

}  // namespace vidyo_cdr
