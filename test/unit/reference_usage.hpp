// Usage figures by brute force: each second of the range is looked at for itself, and each bucket
// counts through all calls. Shared by unit tests and fuzz target.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "core/time/calendar.hpp"
#include "core/usage/sweep.hpp"

#include "test_memory.hpp"

namespace vidyo_cdr {

inline constexpr int64_t kReferenceSecond = 1000000;

// A call with texts of its own; moments in seconds.
struct ReferenceCall {
  int64_t join;
  int64_t end;
  uint32_t group;
  bool is_connected;
  bool has_unknown_end;
  bool is_legacy;
  std::string meeting;
  std::string tenant;
  std::string caller;
};

struct ReferenceRange {
  bool has_start;
  bool has_end;
  int64_t start;  // in seconds
  int64_t end;
  int32_t bucket_seconds;  // 0: one bucket
  bool is_grouped;
};

inline ZoneOffset FindUtc(int64_t, void *) noexcept { return {INT64_MIN / 4, INT64_MAX / 4, 0}; }

// A cell as a line of text, with times in seconds.
inline std::string CellText(uint32_t group, int64_t start, int64_t end, int64_t peak,
                            int64_t peak_time, int64_t time, int64_t legacy, int64_t peak_meetings,
                            int64_t meetings, int64_t callers, int64_t joins, int64_t attempts,
                            int64_t unknown) {
  std::ostringstream text;
  text << "[" << start << ", " << end << ") group " << group << ": peak " << peak << " at "
       << (peak == 0 ? 0 : peak_time) << ", time " << time << ", legacy " << legacy << ", meetings "
       << peak_meetings << "/" << meetings << ", callers " << callers << ", joins " << joins << "/"
       << attempts << ", unknown " << unknown;
  return text.str();
}

// Whether the call counts in the range at all.
inline bool Touches(const ReferenceCall &call, const ReferenceRange &range) {
  if (range.has_end && call.join >= range.end) {
    return false;
  }
  return !range.has_start || call.join >= range.start ||
         (call.is_connected && call.end > range.start);
}

// The figures of a bucket for a group; closed: the bucket's last moment belongs to it.
inline std::string ReferenceCell(const std::vector<ReferenceCall> &calls, uint32_t group,
                                 int64_t start, int64_t end, bool closed) {
  int64_t peak = 0;
  int64_t peak_time = 0;
  int64_t peak_meetings = 0;
  int64_t time = 0;
  int64_t legacy = 0;
  std::set<std::string> meetings;
  std::set<std::pair<std::string, std::string>> callers;
  int64_t joins = 0;
  int64_t attempts = 0;
  int64_t unknown = 0;
  const auto is_counted = [&](const ReferenceCall &call) { return call.group == group; };
  for (int64_t second = start; second < end; second++) {
    int64_t there = 0;
    std::set<std::string> meetings_there;
    for (const ReferenceCall &call : calls) {
      if (is_counted(call) && call.is_connected && call.join <= second && second < call.end) {
        there++;
        legacy += call.is_legacy ? 1 : 0;
        meetings_there.insert(call.meeting);
      }
    }
    time += there;
    if (there > peak) {
      peak = there;
      peak_time = second;
    }
    peak_meetings = std::max(peak_meetings, static_cast<int64_t>(meetings_there.size()));
  }
  for (const ReferenceCall &call : calls) {
    const bool joins_here = call.join >= start && (call.join < end || (closed && call.join == end));
    const bool overlaps = call.is_connected && call.join < end && call.end > start;
    if (!is_counted(call) || !(joins_here || overlaps)) {
      continue;
    }
    if (call.is_connected) {
      meetings.insert(call.meeting);
      if (!call.caller.empty()) {
        callers.insert({call.tenant, call.caller});
      }
    }
    attempts += joins_here ? 1 : 0;
    joins += joins_here && call.is_connected ? 1 : 0;
    unknown += joins_here && call.has_unknown_end ? 1 : 0;
  }
  return CellText(group, start, end, peak, peak_time, time, legacy, peak_meetings,
                  static_cast<int64_t>(meetings.size()), static_cast<int64_t>(callers.size()),
                  joins, attempts, unknown);
}

// A cell without anything in it, which a grouped sweep leaves out.
inline bool IsEmptyCell(const std::string &text) {
  return text.find("peak 0 ") != std::string::npos && text.find("joins 0/0") != std::string::npos;
}

// All cells of the range, empty ones of groups left out.
inline std::vector<std::string> ReferenceCells(std::vector<ReferenceCall> calls,
                                               const ReferenceRange &range) {
  calls.erase(std::remove_if(calls.begin(), calls.end(),
                             [&](const ReferenceCall &call) { return !Touches(call, range); }),
              calls.end());
  if (calls.empty() && (!range.has_start || !range.has_end || range.is_grouped)) {
    return {};
  }
  int64_t first_join = 0;
  int64_t last_join = 0;
  int64_t last = 0;
  std::set<uint32_t> groups;
  for (const ReferenceCall &call : calls) {
    const bool is_first = groups.empty();
    first_join = is_first ? call.join : std::min(first_join, call.join);
    last_join = is_first ? call.join : std::max(last_join, call.join);
    last = is_first ? call.end : std::max(last, call.end);
    groups.insert(call.group);
  }
  last = std::max(last, last_join);
  if (groups.empty()) {
    groups.insert(0);
  }
  const int64_t length = range.bucket_seconds;
  const auto floor_of = [&](int64_t second) {
    return length == 0 ? second : (second - ((second % length) + length) % length);
  };
  const int64_t start = range.has_start ? range.start : floor_of(first_join);
  int64_t end = range.has_end ? range.end : last;
  if (!range.has_end && length != 0) {
    end = std::max(floor_of(last - 1) + length, floor_of(last_join) + length);
  }
  std::vector<std::string> cells;
  for (int64_t bucket = start;;) {
    const int64_t bucket_end = length == 0 ? end : std::min(end, floor_of(bucket) + length);
    for (const uint32_t group : groups) {
      const std::string cell =
          ReferenceCell(calls, group, bucket, bucket_end, length == 0 && !range.has_end);
      if (!range.is_grouped || !IsEmptyCell(cell)) {
        cells.push_back(cell);
      }
    }
    bucket = bucket_end;
    if (bucket >= end) {
      return cells;
    }
  }
}

// Collects the sweep's cells as text; those of a bucket in order of groups.
class CollectingSink final : public UsageSink {
 public:
  void Take(const UsageCell &cell) noexcept override {
    constexpr int64_t s = kReferenceSecond;
    const std::string text =
        CellText(cell.group, cell.start / s, cell.end / s, cell.peak, cell.peak_time / s,
                 static_cast<int64_t>(cell.participant_time / s),
                 static_cast<int64_t>(cell.legacy_time / s), cell.peak_meetings, cell.meetings,
                 cell.callers, cell.joins, cell.attempts, cell.unknown_ends);
    cells_[{cell.bucket, cell.group}] = text;
  }
  std::vector<std::string> Cells(bool is_grouped) const {
    std::vector<std::string> cells;
    for (const auto &[key, text] : cells_) {
      if (!is_grouped || !IsEmptyCell(text)) {
        cells.push_back(text);
      }
    }
    return cells;
  }

 private:
  std::map<std::pair<uint32_t, uint32_t>, std::string> cells_;
};

// The same cells by the sweep.
inline std::vector<std::string> SweptCells(std::vector<ReferenceCall> calls,
                                           const ReferenceRange &range) {
  std::stable_sort(calls.begin(), calls.end(),
                   [](const ReferenceCall &a, const ReferenceCall &b) { return a.join < b.join; });
  Calendar calendar({BucketLength::kSeconds, range.bucket_seconds}, FindUtc, nullptr);
  SweepRequest request;
  request.start = range.has_start ? range.start * kReferenceSecond : SweepRequest::kNoStart;
  request.end = range.has_end ? range.end * kReferenceSecond : SweepRequest::kNoEnd;
  request.calendar = range.bucket_seconds == 0 ? nullptr : &calendar;
  request.is_grouped = range.is_grouped;
  TestMemory memory;
  CollectingSink sink;
  UsageSweep sweep(request, memory.Get(), &sink);
  for (const ReferenceCall &call : calls) {
    const SweepStatus status = sweep.Add(
        {call.join * kReferenceSecond, call.end * kReferenceSecond, call.group, call.is_connected,
         false, call.has_unknown_end, call.is_legacy, call.meeting, call.tenant, call.caller});
    if (status != SweepStatus::kOk) {
      return {"status " + std::to_string(static_cast<int>(status))};
    }
  }
  if (sweep.Finish() != SweepStatus::kOk) {
    return {"not finished"};
  }
  return sink.Cells(range.is_grouped);
}

}  // namespace vidyo_cdr
