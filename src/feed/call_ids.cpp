// Lists of CallIDs, and finding the ranges that they lack.
#include "feed/call_ids.hpp"

#include <algorithm>

namespace vidyo_cdr {

void CallIdList::Sort() { std::sort(call_ids_.begin(), call_ids_.end()); }

CallIdRange FirstOf(CallIdRange range, int64_t count) {
  return {range.first, range.last - range.first < count ? range.last : range.first + count - 1};
}

CallIdRanges FindMissing(CallIdRange range, const CallIdList &list) {
  const int64_t *from = std::lower_bound(list.begin(), list.end(), range.first);
  const int64_t *until = std::upper_bound(from, list.end(), range.last);
  auto *missing = AllocateArray<CallIdRange>(until - from + 1);
  int count = 0;
  int64_t next = range.first;
  for (const int64_t *call_id = from; call_id < until; call_id++) {
    if (*call_id > next) {
      missing[count++] = {next, *call_id - 1};
    }
    if (*call_id == range.last) {
      return {missing, count};
    }
    next = *call_id + 1;
  }
  missing[count++] = {next, range.last};
  return {missing, count};
}

}  // namespace vidyo_cdr
