// Looking records up in scopes; see the header for what each function promises.
#include "core/purged_scopes.hpp"

#include <algorithm>
#include <tuple>

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

// By tenant, all tenants first, which an empty name is not.
auto TenantKey(const PurgedScope &scope) noexcept {
  return std::make_tuple(scope.tenant.data() != nullptr, scope.tenant);
}

bool Reaches(const PurgedScope &scope, int64_t join_time, int64_t call_id) noexcept {
  return std::tie(join_time, call_id) <= std::tie(scope.join_time, scope.call_id);
}

}  // namespace

PurgedScopes::PurgedScopes(PurgedScope *scopes, size_t count) noexcept : scopes_(scopes) {
  // The largest scope of each tenant comes first, which is the one that unique() keeps.
  std::sort(scopes, scopes + count, [](const PurgedScope &one, const PurgedScope &other) {
    const auto key = TenantKey(one);
    const auto other_key = TenantKey(other);
    return key != other_key
               ? key < other_key
               : std::tie(one.join_time, one.call_id) > std::tie(other.join_time, other.call_id);
  });
  end_ = std::unique(scopes, scopes + count, [](const PurgedScope &one, const PurgedScope &other) {
    return TenantKey(one) == TenantKey(other);
  });
  for (const PurgedScope *scope = scopes_; scope < end_; scope++) {
    newest_ = std::max(newest_, scope->join_time);
  }
}

bool PurgedScopes::Cover(std::string_view tenant, int64_t join_time,
                         int64_t call_id) const noexcept {
  if (join_time > newest_ || IsEmpty()) {
    return false;
  }
  const bool has_all_tenants = scopes_->tenant.data() == nullptr;
  if (has_all_tenants && Reaches(*scopes_, join_time, call_id)) {
    return true;
  }
  const PurgedScope *found = std::lower_bound(
      scopes_ + (has_all_tenants ? 1 : 0), end_, tenant,
      [](const PurgedScope &scope, std::string_view name) { return scope.tenant < name; });
  return found != end_ && found->tenant == tenant && Reaches(*found, join_time, call_id);
}

}  // namespace vidyo_cdr
