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

double HighestValue(const TimeChart &chart) noexcept {
  double highest = 0;
  for (const Series &series : DrawnSeries(chart)) {
    for (size_t i = 0; i < chart.buckets; i++) {
      highest = std::max(highest, ValueAt(series, i));
    }
  }
  return highest;
}

// The middle of a bucket.
double BucketX(const TimeChart &chart, const PlotArea &plot, size_t bucket) noexcept {
  return plot.X((static_cast<double>(bucket) + 0.5) / static_cast<double>(chart.buckets));
}

// Adds the points of a series to a path; that of a single bucket is a line through all of it.
void AddPoints(const TimeChart &chart, const Series &series, const PlotArea &plot,
               const Scale &scale, HtmlWriter *html) noexcept {
  if (chart.buckets == 1) {
    AddPoint("M", plot.left, plot.Y(ValueAt(series, 0), scale), html);
    html->Markup("H").Coordinate(plot.Right());
    return;
  }
  AddPoint("M", BucketX(chart, plot, 0), plot.Y(ValueAt(series, 0), scale), html);
  for (size_t i = 1; i < chart.buckets; i++) {
    AddPoint(" ", BucketX(chart, plot, i), plot.Y(ValueAt(series, i), scale), html);
  }
}

// Adds the ground below a series.
void DrawGround(const TimeChart &chart, const Series &series, const PlotArea &plot,
                const Scale &scale, HtmlWriter *html) noexcept {
  const bool is_single = chart.buckets == 1;
  html->Markup("<path class=\"chart-ground\" d=\"");
  AddPoints(chart, series, plot, scale, html);
  html->Markup("V").Coordinate(plot.Bottom()).Markup("H");
  html->Coordinate(is_single ? plot.left : BucketX(chart, plot, 0)).Markup("Z\"/>\n");
}

// Adds the lines, the first one last, which is on top then.
void DrawLines(const TimeChart &chart, const PlotArea &plot, const Scale &scale,
               HtmlWriter *html) noexcept {
  const Slice<Series> all = DrawnSeries(chart);
  for (size_t i = all.count; i-- > 0;) {
    html->Markup("<path class=\"chart-line chart-line-").Number(static_cast<double>(i + 1));
    html->Markup("\" d=\"");
    AddPoints(chart, all[i], plot, scale, html);
    html->Markup("\"/>\n");
  }
}

void DrawLegendLines(const TimeChart &chart, ChartForm form, HtmlWriter *html) noexcept {
  LegendFlow legend(form);
  const Slice<Series> all = DrawnSeries(chart);
  for (size_t i = 0; i < all.count; i++) {
    const LegendFlow::Place place = legend.Next(all[i].name);
    html->Markup("<path class=\"chart-line chart-line-").Number(static_cast<double>(i + 1));
    html->Markup("\" d=\"");
    AddPoint("M", place.x, place.y, html);
    html->Markup("h").Coordinate(LegendFlow::kSampleWidth).Markup("\"/>\n");
  }
}

// Adds the dot at the peak and its label above it, which stays in the drawing.
void DrawPeak(const LineChart &lines, const PlotArea &plot, const Scale &scale,
              HtmlWriter *html) noexcept {
  const double x = BucketX(lines.chart, plot, lines.peak_bucket);
  const double y = plot.Y(ValueAt(lines.chart.series[0], lines.peak_bucket), scale);
  html->Markup("<circle class=\"chart-peak\" cx=\"").Coordinate(x).Markup("\" cy=\"").Coordinate(y);
  html->Markup("\" r=\"").Coordinate(kPeakRadius).Markup("\"/>");

  const double ems = plot.width / kTextSize;
  const double half = std::min(TextEms(lines.peak_label), ems) * kTextSize / 2;
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
