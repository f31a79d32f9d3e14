// cdr_usage_page(start_time, end_time, time_zone, tenant): usage figures as a page for browsers.
#include "base/memory.hpp"
#include "base/values.hpp"
#include "core/html/ascii.hpp"
#include "records/reader.hpp"
#include "report/document.hpp"
#include "report/functions.hpp"
#include "report/page_memory.hpp"
#include "report/sections.hpp"

namespace vidyo_cdr {

namespace {

void WritePage(const PageReader &reader, HtmlWriter *html) {
  const Overview overview = ReadOverview(reader);
  OpenDocument(overview.name, html);
  AddHeader(overview, reader, html);
  html->Markup("<main>\n");
  if (overview.totals.HasRecords()) {
    const Codes codes(reader);
    AddTiles(overview, reader, html);
    AddUsageOverTime(overview, reader, html);
    AddMinutesByType(overview, reader, html);
    AddRankings(reader, codes, html);
  } else {
    OpenSection("empty", "No records", html);
    html->Markup("<p>Nobody joined, tried to, or was connected in this range.</p>\n");
    CloseSection(html);
  }
  AddDefinitions(html);
  html->Markup("</main>\n");
  CloseDocument(html);
}

}  // namespace

Datum CdrUsagePage(FunctionCallInfo fcinfo) {
  const PageRequest request = ReadPageRequest(fcinfo);
  HtmlWriter html(MemoryOf(CurrentMemoryContext));
  WithOneAccess([&] {
    LockMemberTable("conferencecall2", AccessShareLock);  // so that the extension stays
    const Extension extension = GetExtension();
    WritePage({request, extension}, &html);
  });
  GrowingArray<char> page(MemoryOf(CurrentMemoryContext));
  AddAscii(html.View(), &page);
  return TextDatum({page.begin(), page.Size()});
}

}  // namespace vidyo_cdr
