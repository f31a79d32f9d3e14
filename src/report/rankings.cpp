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

// How a ranking is written.
struct Ranking {
  ChartHead head;
  std::string_view kind;   // of what: "Room"
  std::string_view field;  // whose codes have names; empty: the values are names
  std::string_view other;  // "other room"
  std::string_view others;
  GroupOrder order;
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

// Adds a ranking as a section; id is a literal of ours.
template <size_t N, size_t M, size_t L>
void AddRanking(const char (&id)[N], const char (&heading)[M], const char (&measure)[L],
                const Ranking &ranking, const Groups &groups, HtmlWriter *html) {
  OpenSection(id, heading, html);
  html->Markup("<p>").Markup(measure).Markup("</p>\n");
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
  AddRanking("rooms", "Top rooms", "By participant minutes.",
             {{"rooms-chart", "Top rooms", "The rooms with the most participant minutes."},
              "Room",
              "",
              "other room",
              "other rooms",
              GroupOrder::kByMinutes},
             ReadGroups(reader, "ConferenceName", GroupOrder::kByMinutes), html);
  AddRanking("callers", "Top callers", "By participant minutes, without guests.",
             {{"callers-chart", "Top callers", "The callers with the most participant minutes."},
              "Caller",
              "",
              "other caller",
              "other callers",
              GroupOrder::kByMinutes},
             ReadGroups(reader, "CallerID", GroupOrder::kByMinutes, true), html);
  AddRanking("outcomes", "Outcomes of attempts", "By number of attempts.",
             {{"outcomes-chart", "Outcomes of attempts", "How many attempts had each outcome."},
              "Outcome",
              "CallState",
              "other outcome",
              "other outcomes",
              GroupOrder::kByAttempts},
             ReadGroups(reader, "CallState", GroupOrder::kByAttempts), html);
  AddRanking("endings", "Why calls ended", "By number of joins.",
             {{"endings-chart", "Why calls ended", "How many calls ended for each reason."},
              "Reason",
              "CallCompletionCode",
              "other reason",
              "other reasons",
              GroupOrder::kByJoins},
             ReadGroups(reader, "CallCompletionCode", GroupOrder::kByJoins), html);
  AddRanking("clients", "Clients", "By number of joins.",
             {{"clients-chart", "Clients", "How many joins each client had."},
              "Client",
              "",
              "other client",
              "other clients",
              GroupOrder::kByJoins},
             ReadGroups(reader, "ApplicationName", GroupOrder::kByJoins), html);
  AddRanking("versions", "Versions of clients", "By number of joins.",
             {{"versions-chart", "Versions of clients", "How many joins each version had."},
              "Version",
              "",
              "other version",
              "other versions",
              GroupOrder::kByJoins},
             ReadGroups(reader, "ApplicationVersion", GroupOrder::kByJoins), html);
  html->Markup("</div>\n");
}

}  // namespace vidyo_cdr
