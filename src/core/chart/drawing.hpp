// The parts that charts are drawn of. Lengths are in units of the drawing, whose origin is its
// upper left corner.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/chart/chart.hpp"
#include "core/chart/scale.hpp"
#include "core/html/writer.hpp"
#include "core/slice.hpp"

namespace vidyo_cdr {

// Sizes of the fonts that kChartStyle has.
inline constexpr double kLabelSize = 12;
inline constexpr double kTextSize = 13;

enum class Anchor { kStart, kMiddle, kEnd };

// Where values are drawn.
struct PlotArea {
  double left;
  double top;
  double width;
  double height;

  double Right() const noexcept { return left + width; }
  double Bottom() const noexcept { return top + height; }
  // Where a share of the width, or a value of a scale, lies.
  double X(double share) const noexcept { return left + share * width; }
  double Y(double value, const Scale &scale) const noexcept {
    return Bottom() - value / scale.Top() * height;
  }
};

double ChartWidth(ChartForm form) noexcept;

// Writes the id of a drawing, which others in it begin with: that of the chart, told apart by form.
void WriteId(const ChartHead &head, ChartForm form, HtmlWriter *html) noexcept;

// Opens the drawing of a chart, with its texts, and closes it.
void OpenDrawing(const ChartHead &head, ChartForm form, double height, HtmlWriter *html) noexcept;
void CloseDrawing(HtmlWriter *html) noexcept;

// Opens <text> at a place; what is written next is its text. Ends it.
void OpenText(double x, double y, Anchor anchor, HtmlWriter *html) noexcept;
void CloseText(HtmlWriter *html) noexcept;

// Adds a point of a path, with the letter of a command before it: "M", "L".
template <size_t N>
void AddPoint(const char (&command)[N], double x, double y, HtmlWriter *html) noexcept {
  html->Markup(command).Coordinate(x).Markup(" ").Coordinate(y);
}

// Adds the label of a scale's tick, counted from 0, as text.
void AddTickLabel(const Scale &scale, int tick, HtmlWriter *html) noexcept;

// Where the entries of a legend go: one after the other, in as many rows as they need.
class LegendFlow {
 public:
  static constexpr double kSampleWidth = 22;
  static constexpr double kRowHeight = 22;
  static constexpr double kNameEms = 20;

  explicit LegendFlow(ChartForm form) noexcept : width_(ChartWidth(form)) {}

  struct Place {
    double x;
    double y;  // middle of the row
  };
  Place Next(std::string_view name) noexcept;

  // Of the rows so far.
  double Height() const noexcept { return (row_ + 1) * kRowHeight; }

 private:
  double width_;
  double x_ = 0;
  int row_ = 0;
};

// Where the plot of a chart over time is, below its legend, and how high the whole is.
struct TimeLayout {
  PlotArea plot;
  double height;
};
TimeLayout LayOut(const TimeChart &chart, ChartForm form) noexcept;

// The series that are drawn.
Slice<Series> DrawnSeries(const TimeChart &chart) noexcept;

// A value of a series as it is drawn; 0 where there is none.
double ValueAt(const Series &series, size_t bucket) noexcept;

// Adds names of series, each behind the room for a sample.
void DrawLegendNames(const TimeChart &chart, ChartForm form, HtmlWriter *html) noexcept;

// Adds quiet lines at the ticks of a scale, with their labels and the unit.
void DrawValueAxis(const Scale &scale, std::string_view unit, const PlotArea &plot,
                   HtmlWriter *html) noexcept;

// Adds the axis of time: its line, its ticks, and as many of their labels as have room.
void DrawTimeAxis(const TimeChart &chart, const PlotArea &plot, HtmlWriter *html) noexcept;

// Tells that there is nothing to show.
void DrawNoData(const PlotArea &plot, HtmlWriter *html) noexcept;

}  // namespace vidyo_cdr
