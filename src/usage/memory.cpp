// Giving memory to a sweep, and saying why it stopped.
#include "usage/memory.hpp"

#include "base/memory.hpp"

namespace vidyo_cdr {

SweepMemory::SweepMemory()
    : context_(
          AllocSetContextCreate(CurrentMemoryContext, "usage figures", ALLOCSET_DEFAULT_SIZES)),
      row_context_(AllocSetContextCreate(context_, "usage figures, record", ALLOCSET_SMALL_SIZES)),
      limit_(get_hash_memory_limit()) {}

void *SweepMemory::Resize(void *block, size_t old_size, size_t new_size, void *owner) noexcept {
  auto *self = static_cast<SweepMemory *>(owner);
  if (new_size - old_size > self->limit_ - self->used_) {
    return nullptr;
  }
  self->used_ += new_size - old_size;
  return ResizeBlock(self->context_, block, new_size);
}

void SweepMemory::Check(SweepStatus status) const {
  switch (status) {
    case SweepStatus::kOk:
      return;
    case SweepStatus::kNoMemory:
      ereport(ERROR,
              (errcode(ERRCODE_OUT_OF_MEMORY),
               errmsg("usage figures need more memory than work_mem allows"),
               errdetail(
                   "Groups, calls that go on at once, and the meetings and callers of a bucket are "
                   "counted in up to %zu kB, work_mem times hash_mem_multiplier.",
                   limit_ / 1024),
               errhint("Raise work_mem, or ask for shorter buckets, for a shorter range, or for no "
                       "more columns than you need.")));
      break;
    case SweepStatus::kTooManyRows:
      ereport(ERROR,
              (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
               errmsg("usage figures have more than %d rows", static_cast<int>(kMaxUsageRows)),
               errhint("Ask for longer buckets, or with bucket => NULL for the whole "
                       "range as one.")));
      break;
    case SweepStatus::kOutOfOrder:
      elog(ERROR, "records are not in order of JoinTime");
  }
}

}  // namespace vidyo_cdr
