// Lines over time.
#include <algorithm>

#include "core/chart/chart.hpp"
#include "core/chart/drawing.hpp"
#include "core/html/text_width.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

constexpr int kMostSteps = 5;
// The peak's label needs room above the lines.
constexpr double kHeadroom = 1.15;
constexpr double kPeakRadius = 4.5;
constexpr double kBoldness = 1.1;  // how much wider bold text is
constexpr double kLeastStepWidth = 6;

double HighestValue(const TimeChart &chart) noexcept {
  double highest = 0;
  for (const Series &series : DrawnSeries(chart)) {
    for (size_t i = 0; i < chart.buckets; i++) {
      highest = std::max(highest, ValueAt(series, i));
    }
  }
  return highest;
}

double Count(const TimeChart &chart) noexcept { return static_cast<double>(chart.buckets); }

// Whether buckets are wide enough for steps to be seen as such; else lines join their middles.
bool HasSteps(const TimeChart &chart, const PlotArea &plot) noexcept {
  return plot.width / Count(chart) >= kLeastStepWidth;
}

// Adds the way from the bucket before to a bucket.
void AddStep(const TimeChart &chart, size_t bucket, double y, const PlotArea &plot,
             HtmlWriter *html) noexcept {
  const auto place = static_cast<double>(bucket);
  if (HasSteps(chart, plot)) {
    html->Markup("H").Coordinate(plot.X(place / Count(chart))).Markup("V").Coordinate(y);
  } else {
    AddPoint("L", plot.X((place + 0.5) / Count(chart)), y, html);
  }
}

// Adds a series to a path, from one side of the plot to the other.
void AddValues(const TimeChart &chart, const Series &series, const PlotArea &plot,
               const Scale &scale, HtmlWriter *html) noexcept {
  AddPoint("M", plot.left, plot.Y(ValueAt(series, 0), scale), html);
  for (size_t i = 1; i < chart.buckets; i++) {
    AddStep(chart, i, plot.Y(ValueAt(series, i), scale), plot, html);
  }
  html->Markup("H").Coordinate(plot.Right());
}

// Adds the ground below a series.
void DrawGround(const TimeChart &chart, const Series &series, const PlotArea &plot,
                const Scale &scale, HtmlWriter *html) noexcept {
  html->Markup("<path class=\"chart-ground\" d=\"");
  AddValues(chart, series, plot, scale, html);
  html->Markup("V").Coordinate(plot.Bottom()).Markup("H").Coordinate(plot.left);
  html->Markup("Z\"/>\n");
}

// Opens a line in the looks of a series; a fine one where there is much to show.
void OpenLine(size_t number, bool is_fine, HtmlWriter *html) noexcept {
  html->Markup("<path class=\"chart-line chart-line-").Number(static_cast<double>(number + 1));
  if (is_fine) {
    html->Markup(" chart-fine");
  }
  html->Markup("\" d=\"");
}

// Adds the lines, the first one last, which is on top then.
void DrawLines(const TimeChart &chart, const PlotArea &plot, const Scale &scale,
               HtmlWriter *html) noexcept {
  const Slice<Series> all = DrawnSeries(chart);
  for (size_t i = all.count; i-- > 0;) {
    OpenLine(i, !HasSteps(chart, plot), html);
    AddValues(chart, all[i], plot, scale, html);
    html->Markup("\"/>\n");
  }
}

void DrawLegendLines(const TimeChart &chart, ChartForm form, HtmlWriter *html) noexcept {
  LegendFlow legend(form);
  const Slice<Series> all = DrawnSeries(chart);
  for (size_t i = 0; i < all.count; i++) {
    const LegendFlow::Place place = legend.Next(all[i].name);
    OpenLine(i, false, html);
    AddPoint("M", place.x, place.y, html);
    html->Markup("h").Coordinate(LegendFlow::kSampleWidth).Markup("\"/>\n");
  }
}

// Adds the dot at the peak and its label above it, which stays in the drawing.
void DrawPeak(const LineChart &lines, const PlotArea &plot, const Scale &scale,
              HtmlWriter *html) noexcept {
  const double middle_of_bucket = static_cast<double>(lines.peak_bucket) + 0.5;
  const double x = plot.X(middle_of_bucket / Count(lines.chart));
  const double y = plot.Y(ValueAt(lines.chart.series[0], lines.peak_bucket), scale);
  html->Markup("<circle class=\"chart-peak\" cx=\"").Coordinate(x).Markup("\" cy=\"").Coordinate(y);
  html->Markup("\" r=\"").Coordinate(kPeakRadius).Markup("\"/>");

  const double size = kTextSize * kBoldness;
  const double ems = plot.width / size;
  const double half = std::min(TextEms(lines.peak_label), ems) * size / 2;
  const double middle = std::max(plot.left + half, std::min(x, plot.Right() - half));
  html->Markup("<g class=\"chart-peak-label\">");
  OpenText(middle, y - kPeakRadius - 7, Anchor::kMiddle, html);
  html->ShortText(lines.peak_label, ems);
  html->Markup("</text></g>\n");
}

}  // namespace

void DrawChart(const LineChart &lines, ChartForm form, HtmlWriter *html) noexcept {
  const TimeChart &chart = lines.chart;
  const TimeLayout layout = LayOut(chart, form);
  const Scale scale = ScaleFor(HighestValue(chart) * kHeadroom, kMostSteps);
  OpenDrawing(chart.head, form, layout.height, html);
  DrawLegendLines(chart, form, html);
  DrawLegendNames(chart, form, html);
  DrawValueAxis(scale, chart.unit, layout.plot, html);
  if (chart.buckets == 0 || chart.series.count == 0) {
    DrawNoData(layout.plot, html);
  } else {
    DrawGround(chart, chart.series[0], layout.plot, scale, html);
    DrawLines(chart, layout.plot, scale, html);
  }
  DrawTimeAxis(chart, layout.plot, html);
  if (chart.series.count > 0 && lines.peak_bucket < chart.buckets) {
    DrawPeak(lines, layout.plot, scale, html);
  }
  CloseDrawing(html);
}

}  // namespace vidyo_cdr
