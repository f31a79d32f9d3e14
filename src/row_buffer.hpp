// Memory in which a row grows.
#pragma once

#include <cstddef>

namespace vidyo_cdr {

class RowBuffer {
 public:
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

}  // namespace vidyo_cdr
