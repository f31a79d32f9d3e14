// Arrays that grow in memory of the caller's, who also frees it: nothing here has a destructor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace vidyo_cdr {

// Where the core gets memory from.
struct Memory {
  // Gives a block (nullptr: a new one) another size, and keeps what is in it. Returns nullptr, and
  // leaves the block as it was, when there is no more memory to be had.
  void *(*resize)(void *block, size_t old_size, size_t new_size, void *owner) noexcept;
  void *owner;
};

template <typename Value>
class GrowingArray {
  static_assert(std::is_trivially_copyable_v<Value>);
  static_assert(std::is_trivially_destructible_v<Value>);

 public:
  explicit GrowingArray(Memory memory) noexcept : memory_(memory) {}

  // Adds room for that many values more, which nothing has set. Returns the first of them, or
  // nullptr when there is no memory.
  Value *Extend(size_t count) noexcept {
    if (count > capacity_ - size_ && !Reserve(size_ + count)) {
      return nullptr;
    }
    Value *added = values_ + size_;
    size_ += count;
    return added;
  }

  // Returns whether there was memory.
  bool Push(const Value &value) noexcept {
    Value *added = Extend(1);
    if (added == nullptr) {
      return false;
    }
    *added = value;
    return true;
  }

  // Makes the array shorter.
  void Truncate(size_t size) noexcept { size_ = size; }

  size_t Size() const noexcept { return size_; }
  Value *begin() noexcept { return values_; }
  Value *end() noexcept { return values_ + size_; }
  const Value *begin() const noexcept { return values_; }
  const Value *end() const noexcept { return values_ + size_; }
  Value &operator[](size_t index) noexcept { return values_[index]; }
  const Value &operator[](size_t index) const noexcept { return values_[index]; }

 private:
  // Doubles the capacity until it is enough.
  bool Reserve(size_t size) noexcept {
    size_t capacity = capacity_ == 0 ? 16 : capacity_;
    while (capacity < size) {
      capacity *= 2;
    }
    void *block =
        memory_.resize(values_, capacity_ * sizeof(Value), capacity * sizeof(Value), memory_.owner);
    if (block == nullptr) {
      return false;
    }
    values_ = static_cast<Value *>(block);
    capacity_ = capacity;
    return true;
  }

  Memory memory_;
  Value *values_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace vidyo_cdr
