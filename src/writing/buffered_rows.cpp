// Holding rows. An export of 65,000 records takes about 20 MB, and a third of the time went into
// page faults when that memory grew step by step. So a small export gets little memory, and a
// larger one all that it may have at once, in huge pages where the system has them. It is not held
// to work_mem, whose default would send every larger export through a temporary file
// (docs/performance.md).
#include "writing/buffered_rows.hpp"

#include "base/memory.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <new>

namespace vidyo_cdr {

namespace {

constexpr size_t kSmallCapacity = size_t{256} * 1024;
constexpr size_t kFullCapacity = size_t{40} * 1024 * 1024;
constexpr size_t kHugePage = size_t{2} * 1024 * 1024;

// Asks for huge pages in the part of the memory that can have them; no matter if there are none.
void AdviseHugePages([[maybe_unused]] char *memory, [[maybe_unused]] size_t size) {
#ifdef MADV_HUGEPAGE
  const uintptr_t begin = TYPEALIGN(kHugePage, reinterpret_cast<uintptr_t>(memory));
  const uintptr_t end = TYPEALIGN_DOWN(kHugePage, reinterpret_cast<uintptr_t>(memory) + size);
  if (begin < end) {
    (void)madvise(reinterpret_cast<void *>(begin), end - begin, MADV_HUGEPAGE);
  }
#endif
}

// Reads exactly that many bytes, which are there.
void ReadFromTempFile(BufFile *file, char *bytes, size_t size) {
#if PG_VERSION_NUM >= 160000
  BufFileReadExact(file, bytes, size);
#else
  if (BufFileRead(file, bytes, size) != size) {
    ereport(ERROR, (errcode_for_file_access(), errmsg("could not read from temporary file: %m")));
  }
#endif
}

}  // namespace

BufferedRows::BufferedRows(int32_t max_rows)
    : context_(CurrentMemoryContext),
      row_sizes_(AllocateArray<uint32_t>(max_rows)),
      max_rows_(max_rows) {}

BufferedRows *BufferedRows::Make(int32_t max_rows) {
  return new (palloc(sizeof(BufferedRows))) BufferedRows(max_rows);
}

// More memory as long as there may be more, else room in what there is.
char *BufferedRows::MakeRoom(char *out, size_t size) {
  size_t row_size = static_cast<size_t>(out - row_begin_);
  const size_t used = static_cast<size_t>(out - buffer_);
  if (Capacity() < kFullCapacity && used + size <= kFullCapacity) {
    Reallocate(Capacity() == 0 && size <= kSmallCapacity ? kSmallCapacity : kFullCapacity, used);
  } else {
    Spill(row_size);
    if (row_size + size > Capacity()) {
      // A single row that is larger than all the memory meant for rows.
      Reallocate(std::max(row_size + size, kFullCapacity), row_size);
    }
  }
  return row_begin_ + row_size;
}

void BufferedRows::Commit(char *row_end) {
  if (row_count_ == max_rows_) {
    elog(ERROR, "export has more than %d rows", max_rows_);
  }
  const size_t size = static_cast<size_t>(row_end - row_begin_);
  row_sizes_[row_count_++] = static_cast<uint32_t>(size);
  row_begin_ = row_end;
}

// Moves what is in use to a larger piece of memory.
void BufferedRows::Reallocate(size_t capacity, size_t used) {
  char *buffer = static_cast<char *>(MemoryContextAllocHuge(context_, capacity));
  if (capacity >= kFullCapacity) {
    AdviseHugePages(buffer, capacity);
  }
  const size_t row_place = static_cast<size_t>(row_begin_ - buffer_);
  if (buffer_ != nullptr) {
    memcpy(buffer, buffer_, used);
    pfree(buffer_);
  }
  buffer_ = buffer;
  row_begin_ = buffer + row_place;
  limit_ = buffer + capacity;
}

// Moves the complete rows to the file, and the row that is being written to the front.
void BufferedRows::Spill(size_t row_size) {
  const size_t complete = static_cast<size_t>(row_begin_ - buffer_);
  if (complete == 0) {
    return;
  }
  if (file_ == nullptr) {
    const MemoryContext caller_context = MemoryContextSwitchTo(context_);
    file_ = BufFileCreateTemp(false);
    MemoryContextSwitchTo(caller_context);
  }
  BufFileWrite(file_, buffer_, complete);
  memmove(buffer_, row_begin_, row_size);
  row_begin_ = buffer_;
}

// Puts all rows into one place, memory or file, and goes to the first.
void BufferedRows::BeginTaking() {
  next_row_ = buffer_;
  if (file_ != nullptr) {
    Spill(0);
    if (BufFileSeek(file_, 0, 0, SEEK_SET) != 0) {
      ereport(ERROR, (errcode_for_file_access(), errmsg("could not rewind temporary file: %m")));
    }
  }
}

bool BufferedRows::TakeNext(size_t max_size, BufferedPortion *portion) {
  if (taken_rows_ == row_count_) {
    return false;
  }
  if (taken_rows_ == 0) {
    BeginTaking();
  }
  *portion = {next_row_, 0, row_sizes_ + taken_rows_, 0};
  do {
    portion->size += row_sizes_[taken_rows_++];
    portion->row_count++;
  } while (taken_rows_ < row_count_ && portion->size + row_sizes_[taken_rows_] <= max_size);

  if (file_ != nullptr) {
    ReadFromTempFile(file_, buffer_, portion->size);
  } else {
    next_row_ += portion->size;
  }
  return true;
}

void BufferedRows::Close() {
  if (file_ != nullptr) {
    BufFileClose(file_);
    file_ = nullptr;
  }
}

}  // namespace vidyo_cdr
