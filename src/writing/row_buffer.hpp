// Memory in which a row grows.
#pragma once

#include <type_traits>

#include "base/postgres.hpp"

namespace vidyo_cdr {

class RowBuffer {
 public:
  RowBuffer() = default;
  RowBuffer(const RowBuffer &) = delete;  // a copy would write into the same memory
  RowBuffer &operator=(const RowBuffer &) = delete;

  // Where the next row begins.
  char *RowBegin() const { return row_begin_; }

  // The end of the memory that is there.
  const char *Limit() const { return limit_; }

  // Makes room for `size` bytes behind out, up to which the row has been written. The row may move:
  // returns the place of out.
  virtual char *MakeRoom(char *out, size_t size) = 0;

 protected:
  ~RowBuffer() = default;

  char *row_begin_ = nullptr;
  char *limit_ = nullptr;
};

// Room for one row at a time, in the memory context that is current when it is made.
class SingleRow final : public RowBuffer {
 public:
  SingleRow() : context_(CurrentMemoryContext) {}

  char *MakeRoom(char *out, size_t size) override {
    const size_t used = static_cast<size_t>(out - row_begin_);
    const size_t capacity = 2 * (used + size);
    char *row = static_cast<char *>(MemoryContextAllocHuge(context_, capacity));
    if (row_begin_ != nullptr) {
      memcpy(row, row_begin_, used);
      pfree(row_begin_);
    }
    row_begin_ = row;
    limit_ = row + capacity;
    return row + used;
  }

 private:
  MemoryContext context_;
};
static_assert(std::is_trivially_destructible_v<SingleRow>);

}  // namespace vidyo_cdr
