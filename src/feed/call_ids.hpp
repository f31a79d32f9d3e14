// CallIDs, as lists and as ranges.
#pragma once

#include <type_traits>

#include "base/memory.hpp"
#include "base/postgres.hpp"

namespace vidyo_cdr {

// A list that grows, in the memory context in which it was made.
class CallIdList {
 public:
  CallIdList() : call_ids_(MemoryOf(CurrentMemoryContext)) {}
  CallIdList(CallIdList &&) = default;
  CallIdList(const CallIdList &) = delete;  // two would grow in the same memory
  CallIdList &operator=(const CallIdList &) = delete;

  void Add(int64_t call_id) { call_ids_.Push(call_id); }

  // Puts the CallIDs in ascending order.
  void Sort();

  bool IsEmpty() const { return call_ids_.Size() == 0; }
  int64_t Last() const { return call_ids_[call_ids_.Size() - 1]; }
  const int64_t *begin() const { return call_ids_.begin(); }
  const int64_t *end() const { return call_ids_.end(); }

 private:
  GrowingArray<int64_t> call_ids_;
};
static_assert(std::is_trivially_destructible_v<CallIdList>);

// The CallIDs from first to last.
struct CallIdRange {
  int64_t first;
  int64_t last;
};

// A part of an array of ranges, in ascending order and apart from each other.
struct CallIdRanges {
  const CallIdRange *ranges;
  int count;

  bool IsEmpty() const { return count == 0; }
  const CallIdRange &Last() const { return ranges[count - 1]; }
  const CallIdRange *begin() const { return ranges; }
  const CallIdRange *end() const { return ranges + count; }
};

// The first `count` CallIDs of a range, or all of them.
CallIdRange FirstOf(CallIdRange range, int64_t count);

// Finds the CallIDs in a range that are not in a list, which is in ascending order and may reach
// beyond it.
CallIdRanges FindMissing(CallIdRange range, const CallIdList &list);

}  // namespace vidyo_cdr
