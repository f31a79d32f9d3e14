// Values of rows by columns, on shades.
#include <algorithm>

#include "core/chart/chart.hpp"
#include "core/chart/drawing.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

// 0 has a shade of its own.
constexpr int kMostShades = 5;
constexpr double kNameWidth = 46;
constexpr double kNameGap = 8;
constexpr double kGap = 2;
constexpr double kSampleWidth = 56;
constexpr double kTop = 82;

// The map as it is drawn: as it is, or with its rows as columns.
struct Grid {
  const HeatMap &map;
  bool is_turned;
  double highest;
  Scale scale;
  double cell_width;
  double cell_height;

  Slice<std::string_view> Rows() const noexcept { return is_turned ? map.columns : map.rows; }
  Slice<std::string_view> Columns() const noexcept { return is_turned ? map.rows : map.columns; }
  double ValueOf(size_t row, size_t column) const noexcept {
    const size_t place =
        is_turned ? column * map.columns.count + row : row * map.columns.count + column;
    return place < map.values.count ? DrawnValue(map.values[place]) : 0;
  }
  double X(size_t column) const noexcept {
    return kNameWidth + static_cast<double>(column) * cell_width;
  }
  double Y(size_t row) const noexcept { return kTop + static_cast<double>(row) * cell_height; }
};

Grid LayOutGrid(const HeatMap &map, ChartForm form) noexcept {
  double highest = 0;
  for (const double value : map.values) {
    highest = std::max(highest, DrawnValue(value));
  }
  const bool is_turned = form == ChartForm::kNarrow;
  const size_t columns = std::max<size_t>(is_turned ? map.rows.count : map.columns.count, 1);
  return {map,
          is_turned,
          highest,
          ScaleFor(highest, kMostShades),
          (ChartWidth(form) - kNameWidth) / static_cast<double>(columns),
          is_turned ? 24.0 : 32.0};
}

// The shade of a value: 0 for nothing, and one more with each step of the scale.
int ShadeOf(double value, const Scale &scale) noexcept {
  int shade = 0;
  while (shade < scale.steps && value > scale.step * shade) {
    shade++;
  }
  return shade;
}

// The class of a shade: those of a scale of few steps are as far apart as can be.
int ShadeClass(int shade, const Scale &scale) noexcept {
  if (shade == 0 || scale.steps == 1) {
    return shade == 0 ? 0 : 1;
  }
  return 1 + (shade - 1) * (kMostShades - 1) / (scale.steps - 1);
}

void DrawCellGround(double x, double y, double width, double height, int shade_class,
                    HtmlWriter *html) noexcept {
  html->Markup("<rect class=\"chart-heat-").Number(shade_class).Markup("\" x=\"").Coordinate(x);
  html->Markup("\" y=\"").Coordinate(y).Markup("\" width=\"").Coordinate(width);
  html->Markup("\" height=\"").Coordinate(height).Markup("\" rx=\"2\"/>");
}

// Adds the legend: the unit, and below it the shades that there are, each above the value up to
// which it goes.
void DrawShades(const Grid &grid, HtmlWriter *html) noexcept {
  html->Markup("<g class=\"chart-label\">");
  OpenText(0, 13, Anchor::kStart, html);
  html->Text(grid.map.unit);
  CloseText(html);
  for (int shade = 0; shade <= ShadeOf(grid.highest, grid.scale); shade++) {
    const double x = shade * (kSampleWidth + kGap);
    DrawCellGround(x, 21, kSampleWidth, 10, ShadeClass(shade, grid.scale), html);
    OpenText(x + kSampleWidth / 2, 44, Anchor::kMiddle, html);
    if (shade > 0) {
      html->Markup("\xe2\x89\xa4 ");  // less than or equal to
    }
    AddTickLabel(grid.scale, shade, html);
    CloseText(html);
  }
  html->Markup("</g>\n");
}

void DrawNames(const Grid &grid, HtmlWriter *html) noexcept {
  html->Markup("<g class=\"chart-label\">");
  for (size_t column = 0; column < grid.Columns().count; column++) {
    OpenText(grid.X(column) + (grid.cell_width - kGap) / 2, kTop - 8, Anchor::kMiddle, html);
    html->ShortText(grid.Columns()[column], grid.cell_width / kLabelSize);
    CloseText(html);
  }
  for (size_t row = 0; row < grid.Rows().count; row++) {
    OpenText(kNameWidth - kNameGap, grid.Y(row) + grid.cell_height / 2 + 3, Anchor::kEnd, html);
    html->ShortText(grid.Rows()[row], (kNameWidth - kNameGap) / kLabelSize);
    CloseText(html);
  }
  html->Markup("</g>\n");
}

void DrawRow(const Grid &grid, size_t row, HtmlWriter *html) noexcept {
  for (size_t column = 0; column < grid.Columns().count; column++) {
    const double value = grid.ValueOf(row, column);
    const int shade = ShadeClass(ShadeOf(value, grid.scale), grid.scale);
    DrawCellGround(grid.X(column), grid.Y(row), grid.cell_width - kGap, grid.cell_height - kGap,
                   shade, html);
    html->Markup("<text class=\"chart-on-").Number(shade).Markup("\" x=\"");
    html->Coordinate(grid.X(column) + (grid.cell_width - kGap) / 2).Markup("\" y=\"");
    html->Coordinate(grid.Y(row) + grid.cell_height / 2 + 3).Markup("\">");
    html->ShortNumber(value).Markup("</text>");
  }
  html->Markup("\n");
}

}  // namespace

void DrawChart(const HeatMap &map, ChartForm form, HtmlWriter *html) noexcept {
  const Grid grid = LayOutGrid(map, form);
  OpenDrawing(map.head, form, grid.Y(grid.Rows().count), html);
  DrawShades(grid, html);
  DrawNames(grid, html);
  html->Markup("<g class=\"chart-cells\" text-anchor=\"middle\">");
  for (size_t row = 0; row < grid.Rows().count; row++) {
    DrawRow(grid, row, html);
  }
  html->Markup("</g>\n");
  CloseDrawing(html);
}

}  // namespace vidyo_cdr
