// Texts, legends and axes.
#include "core/chart/drawing.hpp"

#include <algorithm>

#include "core/html/text_width.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

constexpr double kAxisWidth = 46;  // the same everywhere, so that charts below each other align
constexpr double kUnitHeight = 30;
constexpr double kRightMargin = 8;
constexpr double kLabelHeight = 24;
constexpr double kContextHeight = 16;
constexpr double kLabelGap = 10;

// How many ticks may have one label: numbers that divide hours of a day and months of a year.
constexpr size_t kStrides[] = {1, 2, 3, 4, 6, 12, 24};

double LabelWidth(std::string_view label) noexcept { return TextEms(label) * kLabelSize; }

// The middle of a label that would stand at x, but has to stay in the drawing.
double MiddleOf(double x, double label_width, const PlotArea &plot) noexcept {
  const double half = label_width / 2;
  return std::max(half, std::min(x, plot.Right() + kRightMargin - half));
}

double TickX(const AxisTick &tick, const TimeChart &chart, const PlotArea &plot) noexcept {
  return plot.X(tick.at / static_cast<double>(chart.buckets));
}

// Whether the labels of every so many ticks leave each other room.
bool HaveRoom(const TimeChart &chart, const PlotArea &plot, size_t stride) noexcept {
  double end = -kLabelGap;
  for (size_t i = 0; i < chart.ticks.count; i += stride) {
    const AxisTick &tick = chart.ticks[i];
    const double width = LabelWidth(tick.label);
    const double middle = MiddleOf(TickX(tick, chart, plot), width, plot);
    if (middle - width / 2 < end + kLabelGap) {
      return false;
    }
    end = middle + width / 2;
  }
  return true;
}

size_t StrideOf(const TimeChart &chart, const PlotArea &plot) noexcept {
  for (const size_t stride : kStrides) {
    if (HaveRoom(chart, plot, stride)) {
      return stride;
    }
  }
  size_t stride = 48;
  while (stride < chart.ticks.count && !HaveRoom(chart, plot, stride)) {
    stride *= 2;
  }
  return stride;
}

bool HasContexts(const TimeChart &chart) noexcept {
  return std::any_of(chart.ticks.begin(), chart.ticks.end(),
                     [](const AxisTick &tick) { return !tick.context.empty(); });
}

void DrawTickMarks(const TimeChart &chart, const PlotArea &plot, HtmlWriter *html) noexcept {
  if (static_cast<double>(chart.ticks.count) * 4 > plot.width) {
    return;
  }
  html->Markup("<path class=\"chart-tick\" d=\"");
  for (const AxisTick &tick : chart.ticks) {
    AddPoint("M", TickX(tick, chart, plot), plot.Bottom(), html);
    html->Markup("v5");
  }
  html->Markup("\"/>");
}

// Adds labels of every so many ticks.
void DrawTickLabels(const TimeChart &chart, const PlotArea &plot, size_t stride,
                    HtmlWriter *html) noexcept {
  for (size_t i = 0; i < chart.ticks.count; i += stride) {
    const AxisTick &tick = chart.ticks[i];
    OpenText(MiddleOf(TickX(tick, chart, plot), LabelWidth(tick.label), plot), plot.Bottom() + 19,
             Anchor::kMiddle, html);
    html->Text(tick.label);
    CloseText(html);
  }
}

// Adds the context of those ticks where it is another than before, and has room.
void DrawContexts(const TimeChart &chart, const PlotArea &plot, size_t stride,
                  HtmlWriter *html) noexcept {
  std::string_view context;
  double end = -kLabelGap;
  for (size_t i = 0; i < chart.ticks.count; i += stride) {
    const AxisTick &tick = chart.ticks[i];
    if (tick.context.empty() || tick.context == context) {
      continue;
    }
    const double width = LabelWidth(tick.context);
    const double middle = MiddleOf(TickX(tick, chart, plot), width, plot);
    if (middle - width / 2 < end + kLabelGap) {
      continue;
    }
    OpenText(middle, plot.Bottom() + 19 + kContextHeight, Anchor::kMiddle, html);
    html->Text(tick.context);
    CloseText(html);
    end = middle + width / 2;
    context = tick.context;
  }
}

}  // namespace

double ChartWidth(ChartForm form) noexcept { return form == ChartForm::kWide ? 800 : 360; }

void WriteId(const ChartHead &head, ChartForm form, HtmlWriter *html) noexcept {
  html->Text(head.id);
  if (form == ChartForm::kNarrow) {
    html->Markup("-narrow");
  }
}

void OpenDrawing(const ChartHead &head, ChartForm form, double height, HtmlWriter *html) noexcept {
  html->Markup("<svg class=\"chart ");
  if (form == ChartForm::kWide) {
    html->Markup("chart-wide");
  } else {
    html->Markup("chart-narrow");
  }
  html->Markup("\" viewBox=\"0 0 ").Coordinate(ChartWidth(form)).Markup(" ").Coordinate(height);
  html->Markup("\" role=\"img\" aria-labelledby=\"");
  WriteId(head, form, html);
  html->Markup("-title ");
  WriteId(head, form, html);
  html->Markup("-desc\">\n<title id=\"");
  WriteId(head, form, html);
  html->Markup("-title\">").Text(head.title).Markup("</title>\n<desc id=\"");
  WriteId(head, form, html);
  html->Markup("-desc\">").Text(head.description).Markup("</desc>\n");
}

void CloseDrawing(HtmlWriter *html) noexcept { html->Markup("</svg>\n"); }

void OpenText(double x, double y, Anchor anchor, HtmlWriter *html) noexcept {
  html->Markup("<text x=\"").Coordinate(x).Markup("\" y=\"").Coordinate(y).Markup("\"");
  switch (anchor) {
    case Anchor::kStart:
      break;
    case Anchor::kMiddle:
      html->Markup(" text-anchor=\"middle\"");
      break;
    case Anchor::kEnd:
      html->Markup(" text-anchor=\"end\"");
      break;
  }
  html->Markup(">");
}

void CloseText(HtmlWriter *html) noexcept { html->Markup("</text>"); }

void AddTickLabel(const Scale &scale, int tick, HtmlWriter *html) noexcept {
  char label[kMaxTickLabelSize];
  const char *const end = WriteTickLabel(label, scale, tick);
  html->Text({label, static_cast<size_t>(end - label)});
}

LegendFlow::Place LegendFlow::Next(std::string_view name) noexcept {
  const double name_width = std::min(TextEms(name), kNameEms) * kTextSize;
  const double width = kSampleWidth + 6 + name_width;
  if (x_ > 0 && x_ + width > width_) {
    x_ = 0;
    row_++;
  }
  const Place place = {x_, row_ * kRowHeight + kRowHeight / 2};
  x_ += width + 18;
  return place;
}

Slice<Series> DrawnSeries(const TimeChart &chart) noexcept {
  return {chart.series.items, std::min(chart.series.count, TimeChart::kMaxSeries)};
}

double ValueAt(const Series &series, size_t bucket) noexcept {
  return bucket < series.values.count ? DrawnValue(series.values[bucket]) : 0;
}

TimeLayout LayOut(const TimeChart &chart, ChartForm form) noexcept {
  LegendFlow legend(form);
  for (const Series &series : DrawnSeries(chart)) {
    legend.Next(series.name);
  }
  const double height = form == ChartForm::kWide ? 240 : 200;
  const PlotArea plot = {kAxisWidth, legend.Height() + kUnitHeight,
                         ChartWidth(form) - kAxisWidth - kRightMargin, height};
  return {plot, plot.Bottom() + kLabelHeight + (HasContexts(chart) ? kContextHeight : 0)};
}

void DrawLegendNames(const TimeChart &chart, ChartForm form, HtmlWriter *html) noexcept {
  LegendFlow legend(form);
  html->Markup("<g class=\"chart-text\">");
  for (const Series &series : DrawnSeries(chart)) {
    const LegendFlow::Place place = legend.Next(series.name);
    OpenText(place.x + LegendFlow::kSampleWidth + 6, place.y + 4.5, Anchor::kStart, html);
    html->ShortText(series.name, LegendFlow::kNameEms);
    CloseText(html);
  }
  html->Markup("</g>\n");
}

void DrawValueAxis(const Scale &scale, std::string_view unit, const PlotArea &plot,
                   HtmlWriter *html) noexcept {
  html->Markup("<path class=\"chart-grid\" d=\"");
  for (int tick = 1; tick <= scale.steps; tick++) {
    AddPoint("M", plot.left, plot.Y(scale.step * tick, scale), html);
    html->Markup("h").Coordinate(plot.width);
  }
  html->Markup("\"/>\n<g class=\"chart-label\">");
  OpenText(0, plot.top - 13, Anchor::kStart, html);
  html->Text(unit);
  CloseText(html);
  for (int tick = 0; tick <= scale.steps; tick++) {
    OpenText(plot.left - 8, plot.Y(scale.step * tick, scale) + 4, Anchor::kEnd, html);
    AddTickLabel(scale, tick, html);
    CloseText(html);
  }
  html->Markup("</g>\n");
}

void DrawTimeAxis(const TimeChart &chart, const PlotArea &plot, HtmlWriter *html) noexcept {
  html->Markup("<path class=\"chart-base\" d=\"");
  AddPoint("M", plot.left, plot.Bottom(), html);
  html->Markup("h").Coordinate(plot.width).Markup("\"/>");
  if (chart.buckets == 0 || chart.ticks.count == 0) {
    return;
  }
  DrawTickMarks(chart, plot, html);
  const size_t stride = StrideOf(chart, plot);
  html->Markup("\n<g class=\"chart-label\">");
  DrawTickLabels(chart, plot, stride, html);
  DrawContexts(chart, plot, stride, html);
  html->Markup("</g>\n");
}

void DrawNoData(const PlotArea &plot, HtmlWriter *html) noexcept {
  html->Markup("<g class=\"chart-text\">");
  OpenText(plot.X(0.5), plot.top + plot.height / 2, Anchor::kMiddle, html);
  html->Markup("No records</text></g>\n");
}

}  // namespace vidyo_cdr
