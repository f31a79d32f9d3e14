// Writing tables cell by cell.
#include "core/html/table.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

HtmlTable::HtmlTable(std::string_view caption, Slice<TableColumn> columns,
                     HtmlWriter *html) noexcept
    : columns_(columns), html_(html) {
  html_->Markup("<table><caption>").Text(caption).Markup("</caption>\n<thead><tr>");
  for (const TableColumn &column : columns_) {
    html_->Markup("<th scope=\"col\"");
    if (column.is_number) {
      html_->Markup(" class=\"number\"");
    }
    html_->Markup(">").Text(column.name).Markup("</th>");
  }
  html_->Markup("</tr></thead>\n<tbody>\n");
}

void HtmlTable::OpenCell() noexcept {
  if (column_ == 0) {
    html_->Markup("<tr><th scope=\"row\"");
  } else {
    html_->Markup("<td");
  }
  if (columns_[column_].is_number) {
    html_->Markup(" class=\"number\"");
  }
  html_->Markup(">");
}

void HtmlTable::CloseCell() noexcept {
  if (column_ == 0) {
    html_->Markup("</th>");
  } else {
    html_->Markup("</td>");
  }
  if (++column_ == columns_.count) {
    html_->Markup("</tr>\n");
    column_ = 0;
  }
}

HtmlTable &HtmlTable::Text(std::string_view text) noexcept {
  OpenCell();
  html_->Text(text);
  CloseCell();
  return *this;
}

HtmlTable &HtmlTable::Name(std::string_view name) noexcept {
  OpenCell();
  html_->Name(name, kNameEms);
  CloseCell();
  return *this;
}

HtmlTable &HtmlTable::Number(double value, int decimals) noexcept {
  OpenCell();
  html_->Number(value, decimals);
  CloseCell();
  return *this;
}

void HtmlTable::Close() noexcept { html_->Markup("</tbody></table>\n"); }

}  // namespace vidyo_cdr
