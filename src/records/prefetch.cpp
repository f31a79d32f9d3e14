// Prefetching records. Where a record's column begins depends on the one before, so without this
// the processor waits for the lines of a record one after the other.
#include "records/prefetch.hpp"

namespace vidyo_cdr {

namespace {

constexpr size_t kCacheLine = 64;

// Always inlined: GCC leaves out the call of a function that it knows to do nothing but prefetch.
// That is also why PrefetchRecords() stands in a file of its own.
[[gnu::always_inline]] inline void PrefetchBytes(const void *begin, size_t size) {
  for (size_t i = 0; i < size + kCacheLine - 1; i += kCacheLine) {
    __builtin_prefetch(static_cast<const char *>(begin) + i);
  }
}

}  // namespace

void PrefetchRecords(const TupleTableSlot *record) {
  if (!TTS_IS_BUFFERTUPLE(record)) {
    return;
  }
  const auto *slot = reinterpret_cast<const BufferHeapTupleTableSlot *>(record);
  const HeapTupleData *tuple = slot->base.tuple;
  PrefetchBytes(tuple->t_data, tuple->t_len);

  if (!BufferIsValid(slot->buffer)) {
    return;
  }
  const Page page = BufferGetPage(slot->buffer);
  const OffsetNumber next = OffsetNumberNext(ItemPointerGetOffsetNumber(&tuple->t_self));
  if (next <= PageGetMaxOffsetNumber(page)) {
    // The page is not locked, so this may be out of date; then other memory is prefetched.
    const ItemIdData item = *PageGetItemId(page, next);
    PrefetchBytes(static_cast<const char *>(page) + item.lp_off, item.lp_len);
  }
}

}  // namespace vidyo_cdr
