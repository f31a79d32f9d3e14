// The frame of a page: what a browser has to know, its style, sections, and what its words mean.
#pragma once

#include <string_view>

#include "core/html/writer.hpp"

namespace vidyo_cdr {

// Opens the document, whose title is that of its range.
void OpenDocument(std::string_view title, HtmlWriter *html);
void CloseDocument(HtmlWriter *html);

// Opens a section under a heading.
inline void OpenSection(std::string_view id, std::string_view heading, HtmlWriter *html) {
  html->Markup("<section aria-labelledby=\"").Text(id).Markup("\">\n<h2 id=\"").Text(id);
  html->Markup("\">").Text(heading).Markup("</h2>\n");
}
inline void CloseSection(HtmlWriter *html) { html->Markup("</section>\n"); }

// Opens what is folded below a chart: the same numbers as a table.
inline void OpenNumbers(HtmlWriter *html) {
  html->Markup(
      "<details><summary>Show the numbers</summary>\n<div class=\"numbers\" role=\"group\" "
      "aria-label=\"Numbers\" tabindex=\"0\">\n");
}
inline void CloseNumbers(HtmlWriter *html) { html->Markup("</div>\n</details>\n"); }

// Adds what the words of the page mean.
void AddDefinitions(HtmlWriter *html);

}  // namespace vidyo_cdr
