// Memory for what takes it from its caller.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>

#include "core/growing_array.hpp"

namespace vidyo_cdr {

// Memory by malloc() up to a limit, all of which is freed in the end.
class TestMemory {
 public:
  explicit TestMemory(size_t limit = SIZE_MAX) : limit_(limit) {}
  TestMemory(const TestMemory &) = delete;
  TestMemory &operator=(const TestMemory &) = delete;
  ~TestMemory() {
    for (void *block : blocks_) {
      std::free(block);
    }
  }

  Memory Get() noexcept { return {Resize, this}; }
  size_t Peak() const { return peak_; }

 private:
  static void *Resize(void *block, size_t old_size, size_t new_size, void *owner) noexcept {
    auto *self = static_cast<TestMemory *>(owner);
    if (self->used_ - old_size + new_size > self->limit_) {
      return nullptr;
    }
    self->blocks_.erase(block);
    void *resized = std::realloc(block, new_size);
    self->blocks_.insert(resized);
    self->used_ += new_size - old_size;
    self->peak_ = std::max(self->peak_, self->used_);
    return resized;
  }

  size_t limit_;
  size_t used_ = 0;
  size_t peak_ = 0;
  std::set<void *> blocks_;
};

}  // namespace vidyo_cdr
