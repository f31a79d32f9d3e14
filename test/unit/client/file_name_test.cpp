// Names of files: whatever a tenant is called, its file is in the folder, and is its own.
#include "client/file_name.hpp"

#include <gtest/gtest.h>

#include "client/sha256.hpp"

namespace vidyo_cdr {
namespace {

TEST(FileName, KeepsPlainNames) {
  EXPECT_EQ(EncodeName("Acme_1.example-2.com"), "Acme_1.example-2.com");
}

TEST(FileName, EncodesOtherBytes) {
  EXPECT_EQ(EncodeName("a/b ..%\n"), "a%2Fb%20..%25%0A");
  EXPECT_EQ(EncodeName("\xc3\xa9~"), "%C3%A9%7E");
  EXPECT_EQ(EncodeName(std::string("\0", 1)), "%00");
}

TEST(FileName, CutsLongNames) {
  const std::string longest(100, 'x');
  EXPECT_EQ(EncodeName(longest), longest);
  EXPECT_EQ(EncodeName(longest + "x"), longest + "~" + Sha256Hex(longest + "x").substr(0, 8));
  EXPECT_NE(EncodeName(longest + "x"), EncodeName(longest + "y"));
}

TEST(FileName, CutsNoEscapeInTwo) {
  const std::string name = std::string(98, 'x') + "//";
  EXPECT_EQ(EncodeName(name), std::string(98, 'x') + "~" + Sha256Hex(name).substr(0, 8));
  EXPECT_EQ(EncodeName(std::string(97, 'x') + "/"), std::string(97, 'x') + "%2F");
}

TEST(FileName, NamesRanges) {
  EXPECT_EQ(RangeFileName("acme", "2026-01-01", "2026-02-01", false),
            "cdr-acme-2026-01-01-2026-02-01.csv");
  EXPECT_EQ(RangeFileName({}, {}, "2026-04-10T003023Z", true),
            "cdr-begin-2026-04-10T003023Z.csv.gz");
  EXPECT_EQ(RangeFileName("", "2026-01-01", {}, false), "cdr--2026-01-01-end.csv");
}

TEST(FileName, KnowsItsOwn) {
  EXPECT_TRUE(IsRangeFileName(RangeFileName("a/b" + std::string(200, '~'), "1", "2", true)));
  for (const char *name :
       {"", "cdr", "manifest.json", "../cdr-a.csv", "cdr-/../x", "cdr-a b", "/cdr-a"}) {
    EXPECT_FALSE(IsRangeFileName(name)) << name;
  }
}

TEST(FileName, SplitsPaths) {
  EXPECT_EQ(SplitAtLastSlash("x.csv").folder, ".");
  EXPECT_EQ(SplitAtLastSlash("/x.csv").folder, "/");
  EXPECT_EQ(SplitAtLastSlash("a/b/x.csv").folder, "a/b");
  EXPECT_EQ(SplitAtLastSlash("a/b/x.csv").name, "x.csv");
}

TEST(Sha256, HasTheKnownSums) {
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Sha256 sum;
  sum.Add("a");
  sum.Add("bc");
  EXPECT_EQ(sum.Hex(), Sha256Hex("abc"));
}

}  // namespace
}  // namespace vidyo_cdr
