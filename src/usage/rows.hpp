// The rows of cdr_usage. Without groups, cells become rows as they come. With groups it is known
// only in the end which there are, so the cells, of which there is none where a group has nothing
// in a bucket, wait in a tuplestore, which goes to disk when it becomes large.
#pragma once

#include <type_traits>

#include "base/postgres.hpp"
#include "core/usage/sweep.hpp"
#include "usage/columns.hpp"
#include "usage/groups.hpp"
#include "usage/memory.hpp"

namespace vidyo_cdr {

class UsageRows final : public UsageSink {
 public:
  // result: what the function returns. The rows are made in the memory context that is current now.
  UsageRows(const ReturnSetInfo *result, UsageColumnSet columns, const UsageGroups *groups,
            SweepMemory *memory);

  void Take(const UsageCell &cell) noexcept override;

  // Writes the rows of all groups in all buckets. `next_end` tells where the bucket that begins at
  // a moment ends.
  template <typename NextEnd>
  void WriteGroups(const UsageSweep &sweep, const NextEnd &next_end) {
    BeginGroups();
    int64_t start = sweep.Start();
    for (uint32_t bucket = 0; bucket < sweep.Buckets(); bucket++) {
      const int64_t end = next_end(start);
      WriteBucket(bucket, start, end);
      start = end;
    }
  }

 private:
  void BeginGroups();
  void WriteBucket(uint32_t bucket, int64_t start, int64_t end);
  void ReadCell();
  void WriteRow(const UsageCell &cell);

  Tuplestorestate *rows_;
  TupleDesc row_type_;
  UsageColumnSet columns_;
  const UsageGroups *groups_;
  MemoryContext row_context_;
  Tuplestorestate *waiting_ = nullptr;
  TupleDesc waiting_type_ = nullptr;
  TupleTableSlot *waiting_slot_ = nullptr;
  uint32_t *order_ = nullptr;
  SweepMemory *memory_;
  GrowingArray<UsageCell> cells_;  // of a bucket, by group
  UsageCell next_ = {};            // the first cell that waits
  bool has_next_ = false;
};
static_assert(std::is_trivially_destructible_v<UsageRows>);

}  // namespace vidyo_cdr
