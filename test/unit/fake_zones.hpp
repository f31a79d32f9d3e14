// Time zones for the unit tests, given by the stretches between their changes, so that no test
// depends on the machine's time zone data.
#pragma once

#include "core/time/zone_offset.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace vidyo_cdr {

constexpr int64_t kAlways = INT64_MAX;

// A zone given by its stretches, which counts how often it is asked.
class FakeZone {
 public:
  explicit FakeZone(std::vector<ZoneOffset> stretches) : stretches_(std::move(stretches)) {}

  // The same offset at all times.
  explicit FakeZone(int32_t seconds_east) : FakeZone({{-kAlways, kAlways, seconds_east}}) {}

  static ZoneOffset Find(int64_t utc_seconds, void *zone) noexcept {
    FakeZone *const self = static_cast<FakeZone *>(zone);
    self->times_asked_++;
    self->last_asked_ = utc_seconds;
    return self->At(utc_seconds);
  }

  // The same, but knows of no time before the moment asked for.
  static ZoneOffset FindFromHere(int64_t utc_seconds, void *zone) noexcept {
    ZoneOffset offset = Find(utc_seconds, zone);
    offset.valid_from = utc_seconds;
    return offset;
  }

  ZoneOffset At(int64_t utc_seconds) const {
    for (const ZoneOffset &stretch : stretches_) {
      if (utc_seconds >= stretch.valid_from && utc_seconds < stretch.valid_until) {
        return stretch;
      }
    }
    ADD_FAILURE() << "asked for a moment without an offset: " << utc_seconds;
    return {utc_seconds, utc_seconds + 1, 0};
  }

  const std::vector<ZoneOffset> &Stretches() const { return stretches_; }
  int TimesAsked() const { return times_asked_; }
  int64_t LastAsked() const { return last_asked_; }

 private:
  std::vector<ZoneOffset> stretches_;
  int times_asked_ = 0;
  int64_t last_asked_ = 0;
};

// New York's changes of 2024 to 2026, at 07:00 UTC in March and at 06:00 UTC in November; those of
// 2026 are on 8 March and on 1 November.
inline FakeZone NewYork() {
  return FakeZone({{-kAlways, 763369200, -5 * 3600},
                   {763369200, 783928800, -4 * 3600},
                   {783928800, 794818800, -5 * 3600},
                   {794818800, 815378400, -4 * 3600},
                   {815378400, 826268400, -5 * 3600},
                   {826268400, 846828000, -4 * 3600},
                   {846828000, kAlways, -5 * 3600}});
}

// Lord Howe Island's clocks change by half an hour; in 2026 on 5 April and on 4 October.
inline FakeZone LordHowe() {
  return FakeZone({{-kAlways, 765730800, 39600},
                   {765730800, 781457400, 37800},
                   {781457400, 797180400, 39600},
                   {797180400, 812907000, 37800},
                   {812907000, 828630000, 39600},
                   {828630000, 844356600, 37800},
                   {844356600, kAlways, 39600}});
}

// Apia left out 30 December 2011 when it crossed the date line.
inline FakeZone Apia() {
  return FakeZone({{-kAlways, 370188000, -11 * 3600},
                   {370188000, 378554400, -10 * 3600},
                   {378554400, 386517600, 14 * 3600},
                   {386517600, 402242400, 13 * 3600},
                   {402242400, kAlways, 14 * 3600}});
}

}  // namespace vidyo_cdr
