// Looking names up; see the header for what each function promises.
#include "core/tenant_set.hpp"

#include <algorithm>

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

TenantSet::TenantSet(std::string_view *names, size_t count) noexcept : names_(names) {
  std::sort(names, names + count);
  count_ = static_cast<size_t>(std::unique(names, names + count) - names);
}

bool TenantSet::Find(std::string_view name) noexcept {
  const std::string_view *found = std::lower_bound(begin(), end(), name);
  if (found == end() || *found != name) {
    return false;
  }
  last_found_ = found;
  return true;
}

}  // namespace vidyo_cdr
