// Whether purged scopes cover what was purged, and nothing else.
#include "core/purged_scopes.hpp"

#include <gtest/gtest.h>

#include <iterator>

namespace vidyo_cdr {

namespace {

constexpr int64_t kWholeMoment = INT64_MAX;

TEST(PurgedScopes, EmptySetCoversNothing) {
  const PurgedScopes none;
  EXPECT_TRUE(none.IsEmpty());
  EXPECT_FALSE(none.Cover("acme", INT64_MIN, INT64_MIN));
  const PurgedScopes empty(nullptr, 0);
  EXPECT_TRUE(empty.IsEmpty());
  EXPECT_FALSE(empty.Cover("", INT64_MIN, INT64_MIN));
}

TEST(PurgedScopes, CoverUpToMomentAndCallId) {
  PurgedScope scopes[] = {{{}, 100, 7}};
  const PurgedScopes purged(scopes, 1);
  EXPECT_FALSE(purged.IsEmpty());
  EXPECT_TRUE(purged.Cover("acme", 99, INT64_MAX));
  EXPECT_TRUE(purged.Cover("acme", 100, 7));
  EXPECT_FALSE(purged.Cover("acme", 100, 8));
  EXPECT_FALSE(purged.Cover("acme", 101, INT64_MIN));
}

TEST(PurgedScopes, TenantsAreKeptApart) {
  PurgedScope scopes[] = {{"beta", 100, kWholeMoment}, {"acme", 200, kWholeMoment}};
  const PurgedScopes purged(scopes, std::size(scopes));
  EXPECT_TRUE(purged.Cover("acme", 200, 1));
  EXPECT_FALSE(purged.Cover("acme", 201, 1));
  EXPECT_TRUE(purged.Cover("beta", 100, 1));
  EXPECT_FALSE(purged.Cover("beta", 101, 1));
  for (const char *other : {"", "a", "acme ", "ACME", "beta1", "zeta"}) {
    EXPECT_FALSE(purged.Cover(other, 0, 1)) << other;
  }
}

TEST(PurgedScopes, LargestScopeCountsInWhateverOrder) {
  PurgedScope scopes[] = {{"acme", 50, 9}, {{}, 10, kWholeMoment}, {"acme", 70, 3},
                          {"", 5, 1},      {"acme", 70, 20},       {{}, 30, 4},
                          {"acme", 70, 11}};
  const PurgedScopes purged(scopes, std::size(scopes));
  EXPECT_TRUE(purged.Cover("acme", 70, 20));
  EXPECT_FALSE(purged.Cover("acme", 70, 21));
  EXPECT_TRUE(purged.Cover("beta", 30, 4));
  EXPECT_FALSE(purged.Cover("beta", 30, 5));
  EXPECT_FALSE(purged.Cover("beta", 50, 1));
}

TEST(PurgedScopes, EmptyNameIsATenant) {
  PurgedScope scopes[] = {{"", 100, kWholeMoment}};
  const PurgedScopes purged(scopes, 1);
  EXPECT_TRUE(purged.Cover("", 100, 1));
  EXPECT_FALSE(purged.Cover("acme", 100, 1));
}

}  // namespace

}  // namespace vidyo_cdr
