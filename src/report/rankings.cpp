// What there is most of: rooms, callers, outcomes and clients, each as bars with the table of its
// numbers.
#include <algorithm>

#include "core/chart/chart.hpp"
#include "core/html/table.hpp"
#include "report/document.hpp"
#include "report/sections.hpp"

namespace vidyo_cdr {

namespace {

// What a code is called, in few words; cdr_codes has more.
struct CodeName {
  std::string_view field;
  std::string_view code;
  std::string_view name;
};
constexpr CodeName kCodeNames[] = {
    {"CallState", "COMPLETED", "Connected, has ended"},
    {"CallState", "IN PROGRESS", "Connected, has not ended"},
    {"CallState", "RINGING", "Still ringing"},
    {"CallState", "RING ACCEPTED", "Accepted, not connected yet"},
    {"CallState", "RING REJECTED", "Rejected"},
    {"CallState", "RING NO ANSWER", "Not answered"},
    {"CallState", "RING CANCELLED", "Given up by the caller"},
    {"CallCompletionCode", "0", "No reason known"},
    {"CallCompletionCode", "1", "Hung up"},
    {"CallCompletionCode", "2", "Ended by an admin or the room's owner"},
    {"CallCompletionCode", "3", "Network failure"},
};

// What is ranked, and how that is written.
struct Ranking {
  std::string_view id;
  ChartHead head;  // with the title of the section
  std::string_view measure;
  std::string_view kind;   // of what: "Room"
  std::string_view other;  // "other room"
  std::string_view others;
  const char *field;
  GroupOrder order;
  bool skips_nobody = false;
};
constexpr Ranking kRankings[] = {
    {"rooms",
     {"rooms-chart", "Top rooms", "The rooms with the most participant minutes."},
     "By participant minutes.",
     "Room",
     "other room",
     "other rooms",
     "ConferenceName",
     GroupOrder::kByMinutes},
    {"callers",
     {"callers-chart", "Top callers", "The callers with the most participant minutes."},
     "By participant minutes, without guests.",
     "Caller",
     "other caller",
     "other callers",
     "CallerID",
     GroupOrder::kByMinutes,
     true},
    {"outcomes",
     {"outcomes-chart", "Outcomes of attempts", "How many attempts had each outcome."},
     "By number of attempts.",
     "Outcome",
     "other outcome",
     "other outcomes",
     "CallState",
     GroupOrder::kByAttempts},
    {"endings",
     {"endings-chart", "Why calls ended", "How many calls ended for each reason."},
     "By number of joins.",
     "Reason",
     "other reason",
     "other reasons",
     "CallCompletionCode",
     GroupOrder::kByJoins},
    {"clients",
     {"clients-chart", "Clients", "How many joins each client had."},
     "By number of joins.",
     "Client",
     "other client",
     "other clients",
     "ApplicationName",
     GroupOrder::kByJoins},
    {"versions",
     {"versions-chart", "Versions of clients", "How many joins each version had."},
     "By number of joins.",
     "Version",
     "other version",
     "other versions",
     "ApplicationVersion",
     GroupOrder::kByJoins},
};

double FigureOf(const Group &group, GroupOrder order) {
  switch (order) {
    case GroupOrder::kByMinutes:
      return group.minutes;
    case GroupOrder::kByAttempts:
      return static_cast<double>(group.attempts);
    case GroupOrder::kByJoins:
      break;
  }
  return static_cast<double>(group.joins);
}

std::string_view NameOf(const Group &group, const Ranking &ranking) {
  if (group.is_null) {
    return "not recorded";
  }
  if (group.name.empty()) {
    return "left empty";
  }
  for (const CodeName &known : kCodeNames) {
    if (known.field == ranking.field && known.code == group.name) {
      return known.name;
    }
  }
  return group.name;
}

void AddRankingChart(const Ranking &ranking, const Groups &groups, HtmlWriter *html) {
  BarList::Row rows[Groups::kMost];
  for (int i = 0; i < groups.count; i++) {
    rows[i] = {NameOf(groups.first[i], ranking), FigureOf(groups.first[i], ranking.order)};
  }
  DrawChart(BarList{ranking.head, {rows, static_cast<size_t>(groups.count)}}, ChartForm::kNarrow,
            html);
}

void AddRow(std::string_view name, const Group &group, bool has_peak, int decimals,
            HtmlTable *table) {
  table->Name(name).Number(group.minutes, decimals);
  table->Number(static_cast<double>(group.joins)).Number(static_cast<double>(group.attempts));
  if (has_peak) {
    table->Number(static_cast<double>(group.peak));
  } else {
    table->Text("");
  }
}

void AddRankingNumbers(const Ranking &ranking, const Groups &groups, HtmlWriter *html) {
  const TableColumn columns[] = {{ranking.kind, false},
                                 {"Participant minutes", true},
                                 {"Joins", true},
                                 {"Attempts", true},
                                 {"Most at once", true}};
  const int decimals = DecimalsFor(groups.largest_minutes);
  OpenNumbers(html);
  HtmlTable table(ranking.head.title, columns, html);
  for (int i = 0; i < groups.count; i++) {
    const Group &group = groups.first[i];
    AddRow(NameOf(group, ranking), group, true, decimals, &table);
  }
  if (groups.others_count > 0) {
    AddRow(Counted(groups.others_count, ranking.other, ranking.others), groups.others, false,
           decimals, &table);
  }
  table.Close();
  CloseNumbers(html);
}

// Adds a ranking as a section.
void AddRanking(const Ranking &ranking, const PageReader &reader, HtmlWriter *html) {
  const Groups groups = ReadGroups(reader, ranking.field, ranking.order, ranking.skips_nobody);
  OpenSection(ranking.id, ranking.head.title, html);
  html->Markup("<p>").Text(ranking.measure).Markup("</p>\n");
  if (groups.count == 0) {
    html->Markup("<p>There are none.</p>\n");
  } else {
    AddRankingChart(ranking, groups, html);
    AddRankingNumbers(ranking, groups, html);
  }
  CloseSection(html);
}

}  // namespace

void AddRankings(const PageReader &reader, HtmlWriter *html) {
  html->Markup("<div class=\"pair\">\n");
  for (const Ranking &ranking : kRankings) {
    AddRanking(ranking, reader, html);
  }
  html->Markup("</div>\n");
}

}  // namespace vidyo_cdr
