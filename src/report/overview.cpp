// The beginning of a page.
#include "report/overview.hpp"

#include "base/values.hpp"

namespace vidyo_cdr {

namespace {

// What a name may take of a line.
constexpr double kNameEms = 60;

std::string_view RoleName() {
  const char *name = GetUserNameFromId(GetUserId(), true);
  return Utf8Of(name == nullptr ? "" : name);
}

void AddTenants(const PageReader &reader, HtmlWriter *html) {
  if (const text *tenant = reader.request().records.tenant; tenant != nullptr) {
    html->Name(Utf8Of(TextOf(PointerGetDatum(tenant))), kNameEms);
    return;
  }
  const Tenants tenants = ReadTenants(reader);
  if (tenants.count > 1) {
    html->Number(static_cast<double>(tenants.count)).Markup(": ");
  }
  for (int i = 0; i < tenants.Shown(); i++) {
    html->Text(i == 0 ? "" : ", ").Name(tenants.first[i], kNameEms);
  }
  if (tenants.count > tenants.Shown()) {
    html->Text(Words(" and ").AddNumber(static_cast<double>(tenants.count - tenants.Shown())));
    html->Markup(" more");
  } else if (tenants.count == 0) {
    html->Markup("none that this role sees");
  }
}

void AddTime(const Overview &overview, const PageReader &reader, ClockWriter *clock,
             HtmlWriter *html) {
  const TimeRange &range = overview.totals.range;
  html->Markup("from ").Text(clock->Moment(range.start));
  html->Text(reader.request().records.end_time == DT_NOEND ? " to "
                                                           : " up to, but not including, ");
  html->Text(clock->Moment(range.end)).Markup(", by the clocks of ");
  html->Text(Utf8Of(pg_get_timezone_name(reader.request().zone)));
}

void AddRecords(const Overview &overview, const PageReader &reader, HtmlWriter *html) {
  const Totals &totals = overview.totals;
  html->Text(Counted(totals.attempts, "attempt to connect", "attempts to connect"));
  html->Markup(", ").Number(static_cast<double>(totals.joins)).Markup(" of them connected: ");
  html->Number(static_cast<double>(ReadOpenCalls(reader))).Markup(" still open, ");
  html->Number(static_cast<double>(totals.unknown_ends)).Markup(" without a known end");
}

// One line of what the page is made of. The caller adds the text and CloseFact().
template <size_t N>
HtmlWriter *OpenFact(const char (&name)[N], HtmlWriter *html) {
  html->Markup("<div><dt>").Markup(name).Markup("</dt><dd>");
  return html;
}

void CloseFact(HtmlWriter *html) { html->Markup("</dd></div>\n"); }

void AddComparison(const Overview &overview, HtmlWriter *html) {
  OpenFact("Compared with", html)->Text(overview.before_name);
  CloseFact(html);
}

void AddWriting(const Overview &overview, ClockWriter *clock, HtmlWriter *html) {
  OpenFact("Written", html)->Text(clock->Minute(overview.now)).Markup(", as ");
  html->Name(RoleName(), kNameEms).Markup(", from database ");
  html->Name(Utf8Of(get_database_name(MyDatabaseId)), kNameEms);
  CloseFact(html);
}

// One of the main figures.
struct Tile {
  std::string_view name;
  double now;
  double before;
  int decimals = 0;
};

// Opens a tile with its figure, which ends with CloseTile().
void OpenTile(const Tile &tile, HtmlWriter *html) {
  html->Markup("<div class=\"tile\"><dt>").Text(tile.name).Markup("</dt><dd><strong>");
  html->Number(tile.now, tile.decimals).Markup("</strong>");
}

void CloseTile(const Tile &tile, const Overview &overview, HtmlWriter *html) {
  if (overview.has_before) {
    html->Markup("<span class=\"change\">").Text(ChangeText(tile.now, tile.before));
    if (tile.before != 0 && tile.now != tile.before) {
      html->Markup(" from ").Number(tile.before, tile.decimals);
    }
    html->Markup("</span>");
  }
  html->Markup("</dd></div>\n");
}

void AddTile(const Tile &tile, std::string_view note, const Overview &overview, HtmlWriter *html) {
  OpenTile(tile, html);
  if (!note.empty()) {
    html->Markup("<span class=\"note\">").Text(note).Markup("</span>");
  }
  CloseTile(tile, overview, html);
}

}  // namespace

Overview ReadOverview(const PageReader &reader) {
  const RecordRequest &records = reader.request().records;
  const ZoneRules rules = reader.request().Rules();
  Overview overview = {};
  overview.now = GetCurrentTransactionStartTimestamp();
  overview.totals = ReadTotals(reader, {records.start_time, records.end_time});
  const TimeRange &range = overview.totals.range;
  if (!overview.totals.is_there) {
    overview.name = Words("No records");
    return overview;
  }
  overview.shape = ShapeOf(range, rules);
  overview.name = ClockWriter(rules).Range(range, overview.shape);
  overview.until = range.start < overview.now ? overview.now : DT_NOEND;
  TimeRange before;
  if (records.start_time != DT_NOBEGIN && overview.totals.HasRecords() &&
      FindRangeBefore(range, overview.shape, rules, &before)) {
    overview.has_before = true;
    overview.before = ReadTotals(reader, before);
    overview.before_name = ClockWriter(rules).Range(before, overview.shape);
  }
  return overview;
}

void AddHeader(const Overview &overview, const PageReader &reader, HtmlWriter *html) {
  ClockWriter clock(reader.request().Rules());
  html->Markup("<header>\n<p>Video conferencing usage</p>\n<h1>").Text(overview.name);
  html->Markup("</h1>\n<dl class=\"facts\">\n");
  OpenFact("Tenants", html);
  AddTenants(reader, html);
  CloseFact(html);
  if (overview.totals.is_there) {
    OpenFact("Time", html);
    AddTime(overview, reader, &clock, html);
    CloseFact(html);
    OpenFact("Records", html);
    AddRecords(overview, reader, html);
    CloseFact(html);
  }
  if (overview.has_before) {
    AddComparison(overview, html);
  }
  AddWriting(overview, &clock, html);
  html->Markup("</dl>\n");
  if (overview.totals.is_there && overview.totals.range.end > overview.now) {
    html->Markup(
        "<p class=\"notice\">This range is not over yet: its averages count the time to come as "
        "empty.</p>\n");
  }
  html->Markup("</header>\n");
}

void AddTiles(const Overview &overview, const PageReader &reader, HtmlWriter *html) {
  const Totals &now = overview.totals;
  const Totals &before = overview.before;
  ClockWriter clock(reader.request().Rules());
  const auto add = [&](std::string_view name, int64_t figure, int64_t earlier,
                       std::string_view note) {
    AddTile({name, static_cast<double>(figure), static_cast<double>(earlier)}, note, overview,
            html);
  };
  html->Markup("<section aria-labelledby=\"figures\">\n<h2 id=\"figures\">At a glance</h2>\n");
  html->Markup("<dl class=\"tiles\">\n");
  add("Most participants at once", now.peak, before.peak,
      now.peak == 0 ? Words() : clock.Minute(now.peak_time));
  AddTile({"Participant minutes", now.minutes, before.minutes, DecimalsFor(now.minutes)},
          Words()
              .AddNumber(now.legacy_minutes, DecimalsFor(now.minutes))
              .Add(" by telephone and legacy systems"),
          overview, html);
  add("Meetings", now.meetings, before.meetings,
      Words("at most ").AddNumber(static_cast<double>(now.peak_meetings)).Add(" at once"));
  add("Callers", now.callers, before.callers,
      Words(Counted(now.joins, "join", "joins")).Add(", guests included"));
  add("Never connected", now.NeverConnected(), before.NeverConnected(),
      Words("of ").Add(Counted(now.attempts, "attempt", "attempts")));
  html->Markup("</dl>\n</section>\n");
}

}  // namespace vidyo_cdr
