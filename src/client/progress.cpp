// How far the export has come.
#include "client/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "client/messages.hpp"
#include "client/numbers.hpp"

namespace vidyo_cdr {

namespace {

constexpr size_t kBarWidth = 24;
constexpr auto kBarPause = std::chrono::milliseconds(200);
constexpr auto kLinePause = std::chrono::seconds(10);

size_t TerminalColumns() {
  winsize size = {};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

double Share(const ProgressFigures &figures) {
  return figures.of_records == 0 ? 1.0
                                 : std::min(1.0, static_cast<double>(figures.records) /
                                                     static_cast<double>(figures.of_records));
}

// What is left at the speed up to now; nothing in the first moment.
std::string TimeLeft(const ProgressFigures &figures) {
  if (figures.records == 0 || figures.seconds < 1) {
    return "";
  }
  const double left = figures.seconds * (1 / Share(figures) - 1);
  return ", " + ClockTime(static_cast<int64_t>(left + 0.5)) + " left";
}

}  // namespace

std::string FormatProgress(const ProgressFigures &figures, size_t columns) {
  const auto filled = static_cast<size_t>(Share(figures) * kBarWidth);
  const std::string bar =
      "[" + std::string(filled, '#') + std::string(kBarWidth - filled, ' ') + "] ";
  const double speed =
      figures.seconds > 0 ? static_cast<double>(figures.bytes) / figures.seconds : 0;
  const std::string text = WithCommas(figures.records) + " of " +
                           Counted(figures.of_records, "record") + ", " +
                           Megabytes(static_cast<int64_t>(speed)) + "/s" + TimeLeft(figures);
  const std::string line = bar.size() + text.size() < columns ? bar + text : text;
  return line.substr(0, columns - 1);
}

Progress::Progress(ProgressStyle style, int64_t of_records)
    : has_bar_(style == ProgressStyle::kBarOnTerminal && isatty(STDERR_FILENO) != 0),
      has_lines_(style == ProgressStyle::kLines) {
  figures_.of_records = of_records;
  next_ = begin_ + (has_bar_ ? Clock::duration(kBarPause) : Clock::duration(kLinePause));
}

Progress::~Progress() { ShowStatusLine(""); }

void Progress::Add(int64_t records, int64_t bytes) {
  figures_.records += records;
  figures_.bytes += bytes;
  if (has_bar_ || has_lines_) {
    Show();
  }
}

void Progress::Show() {
  const Clock::time_point now = Clock::now();
  if (now < next_) {
    return;
  }
  figures_.seconds = std::chrono::duration<double>(now - begin_).count();
  if (has_bar_) {
    ShowStatusLine(FormatProgress(figures_, TerminalColumns()));
    next_ = now + kBarPause;
  } else {
    PrintInfo(WithCommas(figures_.records) + " of " + Counted(figures_.of_records, "record"));
    next_ = now + kLinePause;
  }
}

void Progress::FinishFile(const std::string &shown_name, int64_t records, int64_t bytes) {
  if (has_lines_) {
    PrintInfo(shown_name + ": " + Counted(records, "record") + ", " + Megabytes(bytes));
  }
}

}  // namespace vidyo_cdr
