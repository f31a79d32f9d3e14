// Who is there: counts how often each key, such as a meeting, is present, so that both how many
// different ones are there at a moment and how many were there during a bucket are known.
#pragma once

#include <cstdint>

#include "core/growing_array.hpp"
#include "core/usage/key_table.hpp"

namespace vidyo_cdr {

class Presence {
 public:
  static constexpr uint32_t kNone = KeyTable::kNone;

  Presence(Memory memory, uint64_t seed) noexcept : keys_(memory, seed), states_(memory) {}

  // The number of a key, kNone when there is no memory for it. It is valid while the key is
  // present, or until the next one is looked up.
  uint32_t Find(const Key &key) noexcept;

  // Begins the next bucket. Whoever is present is in it.
  void NextBucket() noexcept { bucket_++; }

  // Counts the key in the bucket. Returns whether it was not in it before.
  bool Visit(uint32_t id) noexcept {
    State &state = states_[id];
    const bool is_new = state.present == 0 && state.bucket != bucket_;
    state.bucket = bucket_;
    return is_new;
  }

  // The key is there once more. Returns whether it was not there before.
  bool Enter(uint32_t id) noexcept { return states_[id].present++ == 0; }

  // The key is there once less. Returns whether it is gone.
  bool Leave(uint32_t id) noexcept {
    states_[id].bucket = bucket_;
    return --states_[id].present == 0;
  }

  // Forgets all keys.
  void Clear() noexcept;

 private:
  struct State {
    uint32_t present;
    uint32_t bucket;  // the last one that it was counted in
  };

  KeyTable keys_;
  GrowingArray<State> states_;
  uint32_t bucket_ = 1;
};

}  // namespace vidyo_cdr
