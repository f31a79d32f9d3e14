// The beginning of a page: what it is about, and its main figures.
#pragma once

#include <type_traits>

#include "core/html/writer.hpp"
#include "core/report/words.hpp"
#include "report/figures.hpp"

namespace vidyo_cdr {

// What a page is about.
struct Overview {
  Totals totals;
  RangeShape shape;  // of the range that the totals cover
  Words name;        // of that range
  bool has_before;   // there is a range to compare with
  Totals before;
  Words before_name;
  TimestampTz now;
  TimestampTz until;  // figures over time end here: what comes later is not known yet
};
static_assert(std::is_trivially_destructible_v<Overview>);

Overview ReadOverview(const PageReader &reader);

// Adds the headline, and below it what the page is made of.
void AddHeader(const Overview &overview, const PageReader &reader, HtmlWriter *html);

// Adds the main figures, each beside that of the range before.
void AddTiles(const Overview &overview, const PageReader &reader, HtmlWriter *html);

}  // namespace vidyo_cdr
