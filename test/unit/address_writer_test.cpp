// Addresses as text: every octet and every pattern of zero words, held to the C library.
#include "core/address_writer.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

namespace vidyo_cdr {
namespace {

using Octets = std::array<unsigned char, 16>;

std::string Ipv4(const unsigned char *octets) {
  char text[kMaxAddressSize];
  return {text, WriteIpv4(text, octets)};
}

std::string Ipv6(const Octets &octets) {
  char text[kMaxAddressSize];
  return {text, WriteIpv6(text, octets.data())};
}

std::string Reference(int family, const unsigned char *octets) {
  char text[INET6_ADDRSTRLEN];
  return inet_ntop(family, octets, text, sizeof text);
}

Octets OfWords(const std::array<unsigned, 8> &words) {
  Octets octets;
  for (size_t i = 0; i < words.size(); i++) {
    octets[2 * i] = static_cast<unsigned char>(words[i] >> 8);
    octets[2 * i + 1] = static_cast<unsigned char>(words[i]);
  }
  return octets;
}

TEST(WriteIpv4, EveryOctetAtEveryPlace) {
  for (int place = 0; place < 4; place++) {
    for (int octet = 0; octet < 256; octet++) {
      unsigned char octets[4] = {10, 0, 255, 7};
      octets[place] = static_cast<unsigned char>(octet);
      EXPECT_EQ(Ipv4(octets), Reference(AF_INET, octets));
    }
  }
}

TEST(WriteIpv6, EveryWord) {
  for (unsigned word = 0; word <= 0xffff; word++) {
    const Octets octets = OfWords({0x2001, word, 1, 0, 0, 0, 0, word});
    ASSERT_EQ(Ipv6(octets), Reference(AF_INET6, octets.data()));
  }
}

// Each word is 0, a word that tells it from its neighbours, or the one that announces IPv4.
TEST(WriteIpv6, EveryPatternOfZeroWords) {
  constexpr int kPatterns = 3 * 3 * 3 * 3 * 3 * 3 * 3 * 3;
  for (int pattern = 0; pattern < kPatterns; pattern++) {
    std::array<unsigned, 8> words;
    int rest = pattern;
    for (unsigned i = 0; i < words.size(); i++) {
      const unsigned choices[] = {0, 0xa0 + i, 0xffff};
      words[i] = choices[rest % 3];
      rest /= 3;
    }
    const Octets octets = OfWords(words);
    EXPECT_EQ(Ipv6(octets), Reference(AF_INET6, octets.data()));
  }
}

TEST(WriteIpv6, AsPeopleWriteIt) {
  EXPECT_EQ(Ipv6(OfWords({})), "::");
  EXPECT_EQ(Ipv6(OfWords({0, 0, 0, 0, 0, 0, 0, 1})), "::1");
  EXPECT_EQ(Ipv6(OfWords({0xfe80})), "fe80::");
  EXPECT_EQ(Ipv6(OfWords({0x2001, 0xdb8, 0, 1, 1, 0, 0, 1})), "2001:db8:0:1:1::1");
  EXPECT_EQ(Ipv6(OfWords({0, 0, 0, 0, 0, 0xffff, 0xc000, 0x201})), "::ffff:192.0.2.1");
  EXPECT_EQ(Ipv6(OfWords({0, 0, 0, 0, 0, 0, 0xc000, 0x201})), "::192.0.2.1");
}

TEST(WriteIpv6, LongestFits) {
  Octets octets;
  octets.fill(0xff);
  EXPECT_EQ(Ipv6(octets).size(), kMaxAddressSize);
}

}  // namespace
}  // namespace vidyo_cdr
