// Numbers for texts: each different one gets the next number, and the numbers of those that are no
// longer needed are given out again.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/growing_array.hpp"

namespace vidyo_cdr {

// A text of two parts within a group: ("a", "bc") and ("ab", "c") are different.
struct Key {
  uint32_t group;
  std::string_view first;
  std::string_view second;
};

class KeyTable {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  // seed: makes where keys go unpredictable for those who choose them.
  KeyTable(Memory memory, uint64_t seed) noexcept;

  // The number of a key, which is added if it is new; kNone when there is no memory for that.
  uint32_t Find(const Key &key) noexcept;

  // Whether a new key would make the table grow, so that this is the time to drop what is not
  // needed.
  bool IsFull() const noexcept { return live_ >= limit_; }

  // Drops the keys whose numbers are not to be kept, and grows if those are too many to do this
  // again soon. Returns whether there was memory for that.
  template <typename IsKept>
  bool Keep(const IsKept &is_kept) noexcept {
    for (uint32_t id = 0; id < entries_.Size(); id++) {
      if (entries_[id].size != kFree && !is_kept(id)) {
        Drop(id);
      }
    }
    Compact();
    return live_ <= limit_ / 2 || GrowIndex();
  }

  // Drops all keys.
  void Clear() noexcept;

  // The first part of a key. It is valid until the next key is looked up.
  std::string_view First(uint32_t id) const noexcept {
    return {texts_.Size() == 0 ? nullptr : &texts_[entries_[id].place], entries_[id].first_size};
  }

  // All numbers that were given out are below this.
  uint32_t Size() const noexcept { return static_cast<uint32_t>(entries_.Size()); }

 private:
  static constexpr uint32_t kFree = UINT32_MAX;

  struct Entry {
    uint64_t place;  // of its text in texts_
    uint32_t hash;
    uint32_t group;  // of a free entry: the next free one
    uint32_t first_size;
    uint32_t size;  // of both parts; kFree
  };

  uint32_t HashOf(const Key &key) const noexcept;
  bool IsAt(uint32_t id, uint32_t hash, const Key &key) const noexcept;
  uint32_t Add(uint32_t hash, const Key &key) noexcept;
  void Drop(uint32_t id) noexcept;
  void Compact() noexcept;
  bool GrowIndex() noexcept;
  void FillIndex() noexcept;
  void PutIntoIndex(uint32_t id) noexcept;

  uint64_t seed_;
  GrowingArray<Entry> entries_;
  GrowingArray<char> texts_;
  GrowingArray<uint32_t> index_;  // numbers by hash, kNone where there is none; 2^n places
  uint32_t first_free_ = kNone;
  uint32_t live_ = 0;
  uint32_t limit_ = 0;  // of live_
};

}  // namespace vidyo_cdr
