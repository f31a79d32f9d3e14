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
constexpr double kGap = 2;

// The map as it is drawn: as it is, or with its rows as columns.
struct Grid {
  const HeatMap &map;
  bool is_turned;
  Scale scale;
  double top;
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
  double Y(size_t row) const noexcept { return top + static_cast<double>(row) * cell_height; }
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
          ScaleFor(highest, kMostShades),
          is_turned ? 74.0 : 52.0,
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

// The shade of the scale's highest step is the darkest, however many there are.
int ShadeClass(int shade, const Scale &scale) noexcept {
  return shade == 0 ? 0 : kMostShades - scale.steps + shade;
}

void DrawCellGround(double x, double y, double width, double height, int shade_class,
                    HtmlWriter *html) noexcept {
  html->Markup("<rect class=\"chart-heat-").Number(shade_class).Markup("\" x=\"").Coordinate(x);
  html->Markup("\" y=\"").Coordinate(y).Markup("\" width=\"").Coordinate(width);
  html->Markup("\" height=\"").Coordinate(height).Markup("\" rx=\"2\"/>");
}

// Adds the shades with the values up to which they go.
void DrawShades(const Grid &grid, HtmlWriter *html) noexcept {
  const double pitch = grid.is_turned ? 66 : 76;
  for (int shade = 0; shade <= grid.scale.steps; shade++) {
    DrawCellGround(pitch * shade, 4, 18, 14, ShadeClass(shade, grid.scale), html);
  }
  html->Markup("\n<g class=\"chart-label\">");
  for (int shade = 0; shade <= grid.scale.steps; shade++) {
    char label[kMaxTickLabelSize];
    const char *const end = WriteTickLabel(label, grid.scale, shade);
    OpenText(pitch * shade + 24, 15, Anchor::kStart, html);
    if (shade > 0) {
      html->Markup("≤ ");
    }
    html->Text({label, static_cast<size_t>(end - label)});
    CloseText(html);
  }
  OpenText(grid.is_turned ? 0 : pitch * (grid.scale.steps + 1), grid.is_turned ? 38 : 15,
           Anchor::kStart, html);
  html->Text(grid.map.unit);
  html->Markup("</text></g>\n");
}

void DrawNames(const Grid &grid, HtmlWriter *html) noexcept {
  html->Markup("<g class=\"chart-label\">");
  for (size_t column = 0; column < grid.Columns().count; column++) {
    OpenText(grid.X(column) + (grid.cell_width - kGap) / 2, grid.top - 8, Anchor::kMiddle, html);
    html->ShortText(grid.Columns()[column], grid.cell_width / kLabelSize);
    CloseText(html);
  }
  for (size_t row = 0; row < grid.Rows().count; row++) {
    OpenText(kNameWidth - 10, grid.Y(row) + grid.cell_height / 2 + 3, Anchor::kEnd, html);
    html->ShortText(grid.Rows()[row], kNameWidth / kLabelSize);
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
