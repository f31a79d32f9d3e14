// Bars one below the other, each with its name.
#include <algorithm>

#include "core/chart/chart.hpp"
#include "core/chart/drawing.hpp"
#include "core/html/number.hpp"
#include "core/html/text_width.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

// Where the parts of a row go: name and bar beside each other, or one below the other.
struct RowLayout {
  double name_width;
  double name_y;
  double bar_x;
  double bar_y;
  double bar_height;
  double pitch;
};
constexpr RowLayout kWideRow = {230, 17, 242, 4, 18, 28};
constexpr RowLayout kNarrowRow = {360, 14, 0, 20, 14, 46};

// The room behind the longest bar for its number.
double NumberWidth(double highest) noexcept {
  char number[kMaxNumberSize];
  const char *const end = WriteNumber(number, highest, 0);
  return TextEms({number, static_cast<size_t>(end - number)}) * kTextSize + 8;
}

void DrawRow(const BarList::Row &row, double y, double bar_width, const RowLayout &layout,
             HtmlWriter *html) noexcept {
  OpenText(0, y + layout.name_y, Anchor::kStart, html);
  html->ShortText(row.name, layout.name_width / kTextSize);
  html->Markup("</text><rect class=\"chart-fill-1\" x=\"").Coordinate(layout.bar_x);
  html->Markup("\" y=\"").Coordinate(y + layout.bar_y).Markup("\" width=\"").Coordinate(bar_width);
  html->Markup("\" height=\"").Coordinate(layout.bar_height).Markup("\"/>");
  OpenText(layout.bar_x + bar_width + 7, y + layout.bar_y + layout.bar_height / 2 + 4.5,
           Anchor::kStart, html);
  html->Number(DrawnValue(row.value)).Markup("</text>\n");
}

}  // namespace

void DrawChart(const BarList &list, ChartForm form, HtmlWriter *html) noexcept {
  const RowLayout &layout = form == ChartForm::kWide ? kWideRow : kNarrowRow;
  double highest = 0;
  for (const BarList::Row &row : list.rows) {
    highest = std::max(highest, DrawnValue(row.value));
  }
  const double room = ChartWidth(form) - layout.bar_x - NumberWidth(highest);
  OpenDrawing(list.head, form,
              layout.pitch * static_cast<double>(std::max<size_t>(list.rows.count, 1)), html);
  html->Markup("<g class=\"chart-text\">\n");
  for (size_t i = 0; i < list.rows.count; i++) {
    const double share = highest == 0 ? 0 : DrawnValue(list.rows[i].value) / highest;
    DrawRow(list.rows[i], layout.pitch * static_cast<double>(i), share * room, layout, html);
  }
  html->Markup("</g>\n");
  CloseDrawing(html);
}

}  // namespace vidyo_cdr
