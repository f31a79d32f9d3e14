// The frame of a page.
#include "report/document.hpp"

#include "core/chart/style.hpp"
#include "report/style.hpp"

namespace vidyo_cdr {

void OpenDocument(std::string_view title, HtmlWriter *html) {
  html->Markup(
      "<!DOCTYPE html>\n"
      "<html lang=\"en\">\n<head>\n"
      "<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\""
      " content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<title>Usage: ");
  html->Text(title).Markup("</title>\n<style>").Markup(kChartStyle).Markup(kPageStyle);
  html->Markup("</style>\n</head>\n<body>\n");
}

void CloseDocument(HtmlWriter *html) { html->Markup("</body>\n</html>\n"); }

void AddDefinitions(HtmlWriter *html) {
  OpenSection("definitions", "What the words mean", html);
  html->Markup(R"(<dl class="definitions">
<div><dt>Participant</dt><dd>Someone who is connected: a person or a room at one end of a call. Someone who comes back after a break joins once more. Recorders do not count.</dd></div>
<div><dt>Participants at once</dt><dd>How many are connected at the same moment, in all meetings together. Someone who leaves at the moment another joins was not there with them.</dd></div>
<div><dt>Average</dt><dd>Participant minutes divided by the minutes of the time shown: how many were there on average, nights included.</dd></div>
<div><dt>Participant minutes</dt><dd>The minutes of all participants added up: three people for ten minutes are thirty. Only the part of a call that lies in the range counts.</dd></div>
<div><dt>Telephones and legacy systems</dt><dd>Everyone who came through a gateway.</dd></div>
<div><dt>Meeting</dt><dd>A call with all its participants. When all have left a room and come back, that is another meeting.</dd></div>
<div><dt>Callers</dt><dd>Different people, told apart by the name they call with and their tenant. Guests and people without a name cannot be told apart and are left out. Among the top callers, everyone of the same name counts as one.</dd></div>
<div><dt>Never connected</dt><dd>Attempts to connect that were not answered, were rejected, or were given up. Every try is an attempt, whether it worked or not.</dd></div>
<div><dt>Without a known end</dt><dd>The portal never recorded when these calls ended. They count as joined, but add no minutes.</dd></div>
</dl>
)");
  CloseSection(html);
}

}  // namespace vidyo_cdr
