// Rows of an export that are held back until it is certain that they may go out. Memory is bounded:
// what does not fit goes to a temporary file.
#pragma once

#include <type_traits>

#include "base/postgres.hpp"
#include "writing/row_buffer.hpp"

namespace vidyo_cdr {

// Whole rows, one behind the other.
struct BufferedPortion {
  const char *bytes;
  size_t size;
  const uint32_t *row_sizes;
  int32_t row_count;
};

class BufferedRows final : public RowBuffer {
 public:
  // Makes an empty holder in the current memory context. More than max_rows rows are an error.
  static BufferedRows *Make(int32_t max_rows);

  char *MakeRoom(char *out, size_t size) override;

  // The row that has been written up to row_end is complete.
  void Commit(char *row_end);

  // When all rows have come: takes the next rows out, in order, as many as have max_size bytes
  // together, but at least one. The portion is valid until the next call. False: there are no more.
  bool TakeNext(size_t max_size, BufferedPortion *portion);

  // Ends the holding: gives the temporary file back. The memory goes with its context, and after
  // an error PostgreSQL closes the file itself.
  void Close();

 private:
  explicit BufferedRows(int32_t max_rows);

  size_t Capacity() const { return static_cast<size_t>(limit_ - buffer_); }
  void Spill(size_t row_size);
  void Reallocate(size_t capacity, size_t used);
  void BeginTaking();

  MemoryContext context_;
  char *buffer_ = nullptr;
  uint32_t *row_sizes_;
  int32_t max_rows_;
  int32_t row_count_ = 0;
  BufFile *file_ = nullptr;  // holds the first rows, unless all fit into memory
  int32_t taken_rows_ = 0;
  const char *next_row_ = nullptr;
};
static_assert(std::is_trivially_destructible_v<BufferedRows>);

}  // namespace vidyo_cdr
