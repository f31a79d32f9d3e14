// What has been purged, table cdr_purge, and so is not to come back with an import.
#pragma once

#include <type_traits>

#include "base/extension.hpp"
#include "base/postgres.hpp"
#include "core/purged_scopes.hpp"

namespace vidyo_cdr {

class Purges {
 public:
  // Lives in the current memory context.
  Purges();
  Purges(const Purges &) = delete;  // the scopes are in its context
  Purges &operator=(const Purges &) = delete;

  // The scopes of all purges that have not been forgotten, read once in each transaction: purges
  // and imports take turns, so there are no others until its end. Valid until the next call.
  const PurgedScopes &Scopes(const Extension &extension);

 private:
  MemoryContext context_;
  TransactionId read_in_ = InvalidTransactionId;
  PurgedScopes scopes_;
};
static_assert(std::is_trivially_destructible_v<Purges>);

}  // namespace vidyo_cdr
