// cdr_usage_page(start_time, end_time, time_zone, tenant): usage figures as a page for browsers.
#include "base/memory.hpp"
#include "base/placement.hpp"
#include "base/statement.hpp"
#include "base/values.hpp"
#include "core/html/ascii.hpp"
#include "records/reader.hpp"
#include "report/document.hpp"
#include "report/functions.hpp"
#include "report/sections.hpp"

namespace vidyo_cdr {

namespace {

// What figures may take at least: the meetings of a year, say, are more than PostgreSQL's default
// has room for, and nobody reads pages by the dozen.
constexpr int kLeastWorkMem = 64 * 1024;  // kB

// Runs work() with that much of work_mem, or the session's if that is more.
template <typename Work>
void WithWorkMem(const Work &work) {
  const int level = work_mem < kLeastWorkMem
                        ? EnterLocalSettings({{"work_mem", psprintf("%d", kLeastWorkMem)}})
                        : EnterLocalSettings({});
  work();
  LeaveLocalSettings(level);
}

void WritePage(const PageReader &reader, HtmlWriter *html) {
  const Overview overview = ReadOverview(reader);
  OpenDocument(overview.name, html);
  AddHeader(overview, reader, html);
  html->Markup("<main>\n");
  if (overview.totals.HasRecords()) {
    AddTiles(overview, reader, html);
    AddUsageOverTime(overview, reader, html);
    AddMinutesByType(overview, reader, html);
    AddRankings(reader, html);
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
    // Locked, so that the extension stays. Citus refuses the recursive query of cdr_tenants.
    RequireHere(LockMemberTable(kRecordsTable, AccessShareLock), "cdr_usage_page");
    const Extension extension = GetExtension();
    WithWorkMem([&] { WritePage({request, extension}, &html); });
  });
  GrowingArray<char> page(MemoryOf(CurrentMemoryContext));
  AddAscii(html.View(), &page);
  return TextDatum({page.begin(), page.Size()});
}

}  // namespace vidyo_cdr
