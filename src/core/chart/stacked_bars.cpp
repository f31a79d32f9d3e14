// Bars on top of each other, over time.
#include <algorithm>

#include "core/chart/chart.hpp"
#include "core/chart/drawing.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

constexpr int kMostSteps = 5;
constexpr double kWidestBar = 56;
constexpr double kSampleSize = 14;

// The height of a bucket's bars.
double TotalOf(const TimeChart &chart, size_t bucket) noexcept {
  double total = 0;
  for (const Series &series : DrawnSeries(chart)) {
    total += ValueAt(series, bucket);
  }
  return total;
}

double HighestTotal(const TimeChart &chart) noexcept {
  double highest = 0;
  for (size_t i = 0; i < chart.buckets; i++) {
    highest = std::max(highest, TotalOf(chart, i));
  }
  return highest;
}

// A series has a colour and a pattern of its own, which is drawn in the units of the drawing, so
// that it can be seen across bars that are narrower than itself.
void DrawPatternLines(size_t number, HtmlWriter *html) noexcept {
  switch (number) {
    case 1:
      html->Markup("<path class=\"chart-hatch\" d=\"M-1 1l2-2M0 8l8-8M7 9l2-2\"/>");
      break;
    case 2:
      html->Markup(
          "<circle class=\"chart-dot\" cx=\"2\" cy=\"2\" r=\"1.1\"/>"
          "<circle class=\"chart-dot\" cx=\"6\" cy=\"6\" r=\"1.1\"/>");
      break;
    case 3:
      html->Markup("<path class=\"chart-hatch\" d=\"M0 2h8M0 6h8\"/>");
      break;
    case 4:
      html->Markup("<path class=\"chart-hatch\" d=\"M-1 7l2 2M0 0l8 8M7-1l2 2\"/>");
      break;
    case 5:
      html->Markup("<path class=\"chart-hatch\" d=\"M0 4h8M4 0v8\"/>");
      break;
    case 6:
      html->Markup("<path class=\"chart-hatch\" d=\"M2 0v8M6 0v8\"/>");
      break;
    case 7:
      html->Markup("<path class=\"chart-hatch\" d=\"M0 0l8 8M0 8l8-8\"/>");
      break;
    default:
      break;
  }
}

void WritePatternId(const ChartHead &head, ChartForm form, size_t number,
                    HtmlWriter *html) noexcept {
  WriteId(head, form, html);
  html->Markup("-fill-").Number(static_cast<double>(number + 1));
}

void DefinePatterns(const TimeChart &chart, ChartForm form, HtmlWriter *html) noexcept {
  html->Markup("<defs>\n");
  for (size_t i = 0; i < DrawnSeries(chart).count; i++) {
    html->Markup("<pattern id=\"");
    WritePatternId(chart.head, form, i, html);
    html->Markup("\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">");
    html->Markup("<rect class=\"chart-fill-").Number(static_cast<double>(i + 1));
    html->Markup("\" width=\"8\" height=\"8\"/>");
    DrawPatternLines(i, html);
    html->Markup("</pattern>\n");
  }
  html->Markup("</defs>\n");
}

// Opens a path that has the pattern of a series.
void OpenFilledPath(const TimeChart &chart, ChartForm form, size_t number,
                    HtmlWriter *html) noexcept {
  html->Markup("<path fill=\"url(#");
  WritePatternId(chart.head, form, number, html);
  html->Markup(")\" d=\"");
}

void DrawLegendSamples(const TimeChart &chart, ChartForm form, HtmlWriter *html) noexcept {
  LegendFlow legend(form);
  const Slice<Series> all = DrawnSeries(chart);
  for (size_t i = 0; i < all.count; i++) {
    const LegendFlow::Place place = legend.Next(all[i].name);
    OpenFilledPath(chart, form, i, html);
    AddPoint("M", place.x, place.y - kSampleSize / 2, html);
    html->Markup("h").Coordinate(LegendFlow::kSampleWidth).Markup("v").Coordinate(kSampleSize);
    html->Markup("h").Coordinate(-LegendFlow::kSampleWidth).Markup("z\"/>\n");
  }
}

// How wide bars are: they leave a gap where there is room for one.
double BarWidth(double pitch) noexcept {
  if (pitch < 3) {
    return pitch;
  }
  return std::min(pitch < 8 ? pitch - 1 : pitch * 0.8, kWidestBar);
}

// Adds the bars of one series, each on top of those of the series before.
void DrawBars(const TimeChart &chart, size_t number, const PlotArea &plot, const Scale &scale,
              HtmlWriter *html) noexcept {
  const double pitch = plot.width / static_cast<double>(chart.buckets);
  const double width = BarWidth(pitch);
  for (size_t bucket = 0; bucket < chart.buckets; bucket++) {
    const double value = ValueAt(chart.series[number], bucket);
    if (value == 0) {
      continue;
    }
    double below = 0;
    for (size_t i = 0; i < number; i++) {
      below += ValueAt(chart.series[i], bucket);
    }
    const double left = plot.left + pitch * static_cast<double>(bucket) + (pitch - width) / 2;
    AddPoint("M", left, plot.Y(below, scale), html);
    html->Markup("V").Coordinate(plot.Y(below + value, scale));
    html->Markup("H").Coordinate(left + width).Markup("V").Coordinate(plot.Y(below, scale));
    html->Markup("z");
  }
}

}  // namespace

void DrawChart(const StackedBars &bars, ChartForm form, HtmlWriter *html) noexcept {
  const TimeChart &chart = bars.chart;
  const TimeLayout layout = LayOut(chart, form);
  const Scale scale = ScaleFor(HighestTotal(chart), kMostSteps);
  OpenDrawing(chart.head, form, layout.height, html);
  DefinePatterns(chart, form, html);
  DrawLegendSamples(chart, form, html);
  DrawLegendNames(chart, form, html);
  DrawValueAxis(scale, chart.unit, layout.plot, html);
  if (chart.buckets == 0 || chart.series.count == 0) {
    DrawNoData(layout.plot, html);
  } else {
    for (size_t i = 0; i < DrawnSeries(chart).count; i++) {
      OpenFilledPath(chart, form, i, html);
      DrawBars(chart, i, layout.plot, scale, html);
      html->Markup("\"/>\n");
    }
  }
  DrawTimeAxis(chart, layout.plot, html);
  CloseDrawing(html);
}

}  // namespace vidyo_cdr
