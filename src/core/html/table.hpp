// A table of figures: a caption, a header, and rows whose first cell names them.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/html/writer.hpp"
#include "core/slice.hpp"

namespace vidyo_cdr {

struct TableColumn {
  std::string_view name;
  bool is_number;  // its cells have the class "number", which aligns them to the right
};

// Each call adds the next cell; rows begin and end by themselves.
class HtmlTable {
 public:
  // What a name in a cell is cut to: some 150 characters.
  static constexpr double kNameEms = 90;

  // Opens the table. The columns must outlive it.
  HtmlTable(std::string_view caption, Slice<TableColumn> columns, HtmlWriter *html) noexcept;

  // A cell of a text of ours, or of one that someone has typed (see HtmlWriter::Name()).
  HtmlTable &Text(std::string_view text) noexcept;
  HtmlTable &Name(std::string_view name) noexcept;
  HtmlTable &Number(double value, int decimals = 0) noexcept;

  // Ends the table, at the end of a row.
  void Close() noexcept;

 private:
  void OpenCell() noexcept;
  void CloseCell() noexcept;

  Slice<TableColumn> columns_;
  HtmlWriter *html_;
  size_t column_ = 0;
};

}  // namespace vidyo_cdr
