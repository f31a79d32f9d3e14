// Adding stretches of time up.
#include "core/report/series.hpp"

#include "core/report/words.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

double Length(const Participants &part) noexcept {
  return static_cast<double>(part.end) - static_cast<double>(part.start);
}

}  // namespace

bool SeriesBuilder::Add(const Participants &part) noexcept {
  if (buckets_.Size() == 0 || part.start >= bucket_end_) {
    bucket_end_ = calendar_.Next(part.start);
    return buckets_.Push(part);
  }
  Participants &bucket = buckets_[buckets_.Size() - 1];
  const double before = Length(bucket);
  bucket.end = part.end;
  bucket.average =
      (bucket.average * before + part.average * Length(part)) / (before + Length(part));
  if (part.peak > bucket.peak) {
    bucket.peak = part.peak;
    bucket.peak_time = part.peak_time;
  }
  return true;
}

void WeekBuilder::Add(const Participants &part) noexcept {
  const ClockTime time = ClockWriter(rules_).Read(part.start);
  Hour &hour = hours_[time.weekday][time.hour];
  hour.time += Length(part);
  hour.participant_time += part.average * Length(part);
}

}  // namespace vidyo_cdr
