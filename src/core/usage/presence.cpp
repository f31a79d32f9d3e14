// Looking keys up; see the header for what each function promises.
#include "core/usage/presence.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

uint32_t Presence::Find(const Key &key) noexcept {
  // Whoever is neither there nor was counted in this bucket is not needed any more.
  if (keys_.IsFull() && !keys_.Keep([this](uint32_t id) {
        return states_[id].present > 0 || states_[id].bucket == bucket_;
      })) {
    return kNone;
  }
  const uint32_t id = keys_.Find(key);
  if (id != kNone && id >= states_.Size() && !states_.Push({0, 0})) {
    return kNone;
  }
  return id;
}

void Presence::Clear() noexcept {
  keys_.Clear();
  states_.Truncate(0);
}

}  // namespace vidyo_cdr
