// Whether a set of tenants finds its names, and only those.
#include "core/tenant_set.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vidyo_cdr {

namespace {

TEST(TenantSet, EmptySetHasNothing) {
  TenantSet set;
  EXPECT_FALSE(set.Contains(""));
  EXPECT_FALSE(set.Contains("acme"));
  EXPECT_EQ(set.Size(), 0U);
}

TEST(TenantSet, FindsEachNameWhateverWasFoundBefore) {
  std::string_view names[] = {"gamma", "acme", "beta", ""};
  TenantSet set(names, 4);
  for (int round = 0; round < 2; round++) {
    for (const char *name : {"beta", "gamma", "", "acme", "acme"}) {
      EXPECT_TRUE(set.Contains(name)) << name;
      EXPECT_FALSE(set.Contains("delta"));
    }
  }
}

TEST(TenantSet, ComparesWholeNamesByteByByte) {
  std::string_view names[] = {"acme", "b\0eta"};
  names[1] = {"b\0eta", 5};
  TenantSet set(names, 2);
  EXPECT_TRUE(set.Contains("acme"));
  for (const char *other : {"acm", "acme ", "ACME", "a", "acmf", "\xE1"}) {
    EXPECT_FALSE(set.Contains(other)) << other;
  }
  EXPECT_FALSE(set.Contains("b"));
  EXPECT_TRUE(set.Contains({"b\0eta", 5}));
  EXPECT_FALSE(set.Contains({"b\0etb", 5}));
}

TEST(TenantSet, NamesComeOnceAndSorted) {
  std::string_view names[] = {"b", "a", "b", "c", "a"};
  const TenantSet set(names, 5);
  EXPECT_EQ(std::vector<std::string>(set.begin(), set.end()),
            (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(set.Size(), 3U);
}

TEST(TenantSet, FindsAmongMany) {
  std::vector<std::string> owned;
  for (int i = 0; i < 1000; i++) {
    owned.push_back("tenant" + std::to_string(i * 2));
  }
  std::vector<std::string_view> names(owned.begin(), owned.end());
  TenantSet set(names.data(), names.size());
  for (int i = 0; i < 2000; i++) {
    EXPECT_EQ(set.Contains("tenant" + std::to_string(i)), i % 2 == 0) << i;
  }
}

}  // namespace

}  // namespace vidyo_cdr
