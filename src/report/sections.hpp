// The sections of a page after its overview.
#pragma once

#include "core/html/writer.hpp"
#include "report/overview.hpp"

namespace vidyo_cdr {

// Adds participants over time, and by hour of the week.
void AddUsageOverTime(const Overview &overview, const PageReader &reader, HtmlWriter *html);

// Adds minutes over time, by type of endpoint.
void AddMinutesByType(const Overview &overview, const PageReader &reader, HtmlWriter *html);

// Adds the rooms and callers with most minutes, how attempts ended, and clients.
void AddRankings(const PageReader &reader, HtmlWriter *html);

}  // namespace vidyo_cdr
