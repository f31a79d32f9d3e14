// How far the export has come: a line with a bar on a terminal, plain lines elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "client/options.hpp"

namespace vidyo_cdr {

// What the line with the bar shows.
struct ProgressFigures {
  int64_t records = 0;
  int64_t of_records = 0;
  int64_t bytes = 0;
  double seconds = 0;
};

// The line, not wider than so many columns.
std::string FormatProgress(const ProgressFigures &figures, size_t columns);

class Progress {
 public:
  Progress(ProgressStyle style, int64_t of_records);
  ~Progress();
  Progress(const Progress &) = delete;
  Progress &operator=(const Progress &) = delete;

  // So much has come since the last call. Calls may be frequent.
  void Add(int64_t records, int64_t bytes);

  // A file is complete.
  void FinishFile(const std::string &shown_name, int64_t records, int64_t bytes);

 private:
  using Clock = std::chrono::steady_clock;

  void Show();

  bool has_bar_;
  bool has_lines_;
  Clock::time_point begin_ = Clock::now();
  Clock::time_point next_ = begin_;
  ProgressFigures figures_;
};

}  // namespace vidyo_cdr
