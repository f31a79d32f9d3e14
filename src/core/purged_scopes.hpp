// What purges have removed, asked for each new record that an import brings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vidyo_cdr {

// The records of a tenant up to a JoinTime, and of that very moment up to a CallID.
struct PurgedScope {
  std::string_view tenant;  // without data: all tenants
  int64_t join_time;
  int64_t call_id;
};

// A set of scopes, whose tenants it does not own.
class PurgedScopes {
 public:
  // An empty set.
  PurgedScopes() noexcept = default;

  // The set of `count` scopes, which it sorts in place.
  PurgedScopes(PurgedScope *scopes, size_t count) noexcept;

  bool IsEmpty() const noexcept { return scopes_ == end_; }

  // Whether a record is in one of the scopes. Cheap when it is newer than all of them.
  bool Cover(std::string_view tenant, int64_t join_time, int64_t call_id) const noexcept;

 private:
  const PurgedScope *scopes_ = nullptr;  // the largest one of each tenant, in order of the names
  const PurgedScope *end_ = nullptr;
  int64_t newest_ = INT64_MIN;  // of all scopes
};

}  // namespace vidyo_cdr
