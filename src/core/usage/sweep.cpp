// The sweep; see the header for what each function promises. All changes of one moment are taken
// together, since those who leave are removed before those who join are added, and peaks can rise
// by joins only.
#include "core/usage/sweep.hpp"

#include <algorithm>

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

// Puts whoever leaves first at the front of the heap.
struct UsageSweep::EndsLater {
  bool operator()(const Leave &a, const Leave &b) const noexcept { return a.end > b.end; }
};

UsageSweep::UsageSweep(const SweepRequest &request, Memory memory, UsageSink *sink) noexcept
    : request_(request),
      sink_(sink),
      groups_(memory),
      active_(memory),
      leaves_(memory),
      meetings_(memory, request.seed),
      callers_(memory, request.seed) {}

void UsageSweep::Restart() noexcept {
  groups_.Truncate(0);
  active_.Truncate(0);
  leaves_.Truncate(0);
  meetings_.Clear();
  callers_.Clear();
  has_calls_ = false;
  has_begun_ = false;
  buckets_ = 0;
}

// The range starts.
void UsageSweep::Begin(int64_t start) noexcept {
  has_begun_ = true;
  first_start_ = start;
  now_ = start;
  OpenBucket(start);
}

void UsageSweep::OpenBucket(int64_t start) noexcept {
  bucket_start_ = start;
  bucket_end_ = request_.end;
  if (request_.calendar != nullptr) {
    bucket_end_ = std::min(bucket_end_, request_.calendar->Next(start));
  }
  meetings_.NextBucket();
  callers_.NextBucket();
}

// The group's figures at the start of the bucket.
void UsageSweep::StartCell(Group *group) noexcept {
  group->is_active = true;
  group->cell = {};
  group->cell.bucket = buckets_;
  group->cell.group = static_cast<uint32_t>(group - groups_.begin());
  group->cell.start = bucket_start_;
  group->cell.peak = group->present;
  group->cell.peak_time = bucket_start_;
  group->cell.peak_meetings = group->meetings_present;
  group->cell.meetings = group->meetings_present;
  group->cell.callers = group->callers_present;
}

// The group of that number, with a cell in the current bucket; nullptr when there is no memory.
UsageSweep::Group *UsageSweep::TouchGroup(uint32_t number) noexcept {
  while (number >= groups_.Size()) {
    if (!groups_.Push({})) {
      return nullptr;
    }
  }
  Group *group = &groups_[number];
  if (!group->is_active) {
    if (!active_.Push(number)) {
      return nullptr;
    }
    StartCell(group);
  }
  return group;
}

// Hands out the figures of the bucket, and starts those of the next one for the groups that are
// there.
SweepStatus UsageSweep::CloseBucket() noexcept {
  if (!request_.is_grouped && TouchGroup(0) == nullptr) {
    return SweepStatus::kNoMemory;
  }
  const SummedTime length = SummedTime{bucket_end_} - bucket_start_;
  for (const uint32_t number : active_) {
    Group &group = groups_[number];
    group.cell.end = bucket_end_;
    group.cell.participant_time += length * group.present;
    group.cell.legacy_time += length * group.legacy_present;
    sink_->Take(group.cell);
    group.is_active = false;
  }
  buckets_++;
  const int64_t rows = int64_t{buckets_} * static_cast<int64_t>(groups_.Size());
  return std::max(rows, int64_t{buckets_}) > request_.max_rows ? SweepStatus::kTooManyRows
                                                               : SweepStatus::kOk;
}

// Takes out who leaves up to a moment of the current bucket.
void UsageSweep::RemoveUntil(int64_t moment) noexcept {
  while (leaves_.Size() > 0 && leaves_[0].end <= moment) {
    const Leave leave = leaves_[0];
    std::pop_heap(leaves_.begin(), leaves_.end(), EndsLater());
    leaves_.Truncate(leaves_.Size() - 1);

    Group &group = groups_[leave.group];
    const SummedTime time = SummedTime{leave.end} - bucket_start_;
    group.present--;
    group.cell.participant_time += time;
    if (leave.is_legacy) {
      group.legacy_present--;
      group.cell.legacy_time += time;
    }
    if (leave.meeting != Presence::kNone && meetings_.Leave(leave.meeting)) {
      group.meetings_present--;
    }
    if (leave.caller != Presence::kNone && callers_.Leave(leave.caller)) {
      group.callers_present--;
    }
  }
}

// Closes the buckets that end up to a moment, and takes out who has left by then.
SweepStatus UsageSweep::AdvanceTo(int64_t moment) noexcept {
  if (bucket_end_ <= moment &&
      request_.calendar->BucketsAtLeast(bucket_end_, moment) > request_.max_rows - buckets_) {
    return SweepStatus::kTooManyRows;  // before their rows are made
  }
  while (bucket_end_ <= moment) {
    RemoveUntil(bucket_end_);
    const SweepStatus status = CloseBucket();
    if (status != SweepStatus::kOk) {
      return status;
    }
    OpenBucket(bucket_end_);
    const auto is_gone = [this](uint32_t number) { return groups_[number].present == 0; };
    const auto *kept = std::remove_if(active_.begin(), active_.end(), is_gone);
    active_.Truncate(static_cast<size_t>(kept - active_.begin()));
    for (const uint32_t number : active_) {
      StartCell(&groups_[number]);
    }
  }
  RemoveUntil(moment);
  now_ = moment;
  return SweepStatus::kOk;
}

// Counts the call's meeting and caller in the bucket, and notes their numbers.
SweepStatus UsageSweep::Visit(const Call &call, Group *group, Leave *leave) noexcept {
  if (request_.needs_meetings) {
    leave->meeting = meetings_.Find({call.group, call.meeting, {}});
    if (leave->meeting == Presence::kNone) {
      return SweepStatus::kNoMemory;
    }
    group->cell.meetings += meetings_.Visit(leave->meeting) ? 1 : 0;
  }
  if (request_.needs_callers && !call.caller.empty()) {
    leave->caller = callers_.Find({call.group, call.tenant, call.caller});
    if (leave->caller == Presence::kNone) {
      return SweepStatus::kNoMemory;
    }
    group->cell.callers += callers_.Visit(leave->caller) ? 1 : 0;
  }
  return SweepStatus::kOk;
}

// Counts a connected call that is there from a moment on, if only for no time.
SweepStatus UsageSweep::Enter(const Call &call, int64_t moment, Group *group) noexcept {
  Leave leave = {call.end, call.group, Presence::kNone, Presence::kNone, call.is_legacy};
  const SweepStatus status = Visit(call, group, &leave);
  if (status != SweepStatus::kOk || call.end <= moment) {
    return status;
  }
  if (!leaves_.Push(leave)) {
    return SweepStatus::kNoMemory;
  }
  std::push_heap(leaves_.begin(), leaves_.end(), EndsLater());

  UsageCell &cell = group->cell;
  const SummedTime time = SummedTime{moment} - bucket_start_;
  group->present++;
  cell.participant_time -= time;
  if (call.is_legacy) {
    group->legacy_present++;
    cell.legacy_time -= time;
  }
  if (leave.meeting != Presence::kNone && meetings_.Enter(leave.meeting)) {
    group->meetings_present++;
    cell.peak_meetings = std::max(cell.peak_meetings, group->meetings_present);
  }
  if (leave.caller != Presence::kNone && callers_.Enter(leave.caller)) {
    group->callers_present++;
  }
  if (group->present > cell.peak) {
    cell.peak = group->present;
    cell.peak_time = moment;
  }
  return SweepStatus::kOk;
}

SweepStatus UsageSweep::Add(const Call &call) noexcept {
  if (!Touches(call)) {
    return SweepStatus::kOk;
  }
  const bool is_in_range = call.join >= request_.start;
  const int64_t moment = is_in_range ? call.join : request_.start;
  if (!has_begun_) {
    const bool is_bounded = request_.start != SweepRequest::kNoStart;
    Begin(is_bounded                     ? request_.start
          : request_.calendar == nullptr ? moment
                                         : request_.calendar->Floor(moment));
  }
  if (moment < now_) {
    return SweepStatus::kOutOfOrder;
  }
  const SweepStatus status = AdvanceTo(moment);
  if (status != SweepStatus::kOk) {
    return status;
  }
  Group *group = TouchGroup(call.group);
  if (group == nullptr) {
    return SweepStatus::kNoMemory;
  }
  last_join_ = has_calls_ ? std::max(last_join_, call.join) : call.join;
  last_end_ = has_calls_ ? std::max(last_end_, call.end) : call.end;
  has_calls_ = true;
  if (is_in_range) {
    group->cell.attempts++;
    group->cell.joins += call.is_connected ? 1 : 0;
    group->cell.unknown_ends += call.has_unknown_end ? 1 : 0;
  }
  return call.is_connected ? Enter(call, moment, group) : SweepStatus::kOk;
}

SweepStatus UsageSweep::Finish() noexcept {
  const bool has_bounds =
      request_.start != SweepRequest::kNoStart && request_.end != SweepRequest::kNoEnd;
  if (!has_calls_ && (!has_bounds || request_.is_grouped)) {
    return SweepStatus::kOk;
  }
  if (!has_begun_) {
    Begin(request_.start);
  }
  const bool has_end = request_.end != SweepRequest::kNoEnd;
  if (!has_end && request_.calendar == nullptr) {
    bucket_end_ = std::max(last_end_, last_join_);
  }
  const int64_t end = has_end ? request_.end : last_end_;
  if (bucket_end_ < end) {
    const SweepStatus status = AdvanceTo(end - 1);
    if (status != SweepStatus::kOk) {
      return status;
    }
  }
  RemoveUntil(bucket_end_);
  return CloseBucket();
}

}  // namespace vidyo_cdr
