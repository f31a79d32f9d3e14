// The tenants that somebody may see, asked for each record that is read.
#pragma once

#include <cstddef>
#include <string_view>

namespace vidyo_cdr {

// A set of names that are compared byte by byte. It does not own them.
class TenantSet {
 public:
  // An empty set.
  TenantSet() noexcept = default;

  // The set of `count` names, which it sorts in place; a name may come several times.
  TenantSet(std::string_view *names, size_t count) noexcept;

  // Whether the name is in the set. Cheap when it is the name that was found before.
  bool Contains(std::string_view name) noexcept {
    return (last_found_ != nullptr && *last_found_ == name) || Find(name);
  }

  // The names, each once.
  const std::string_view *begin() const noexcept { return names_; }
  const std::string_view *end() const noexcept { return names_ + count_; }
  size_t Size() const noexcept { return count_; }

 private:
  bool Find(std::string_view name) noexcept;

  const std::string_view *names_ = nullptr;
  const std::string_view *last_found_ = nullptr;
  size_t count_ = 0;
};

}  // namespace vidyo_cdr
