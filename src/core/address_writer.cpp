// Writing addresses digit by digit.
#include "core/address_writer.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

constexpr int kWordCount = 8;

// One of the eight words of an IPv6 address.
unsigned WordAt(const unsigned char *octets, int word) noexcept {
  return static_cast<unsigned>(octets[2 * word] << 8 | octets[2 * word + 1]);
}

// Words of zeros, one behind the other.
struct ZeroRun {
  int begin = 0;
  int size = 0;
};

// The longest run of at least two words of zeros, the first of several; size 0 when there is none.
ZeroRun LongestZeroRun(const unsigned char *octets) noexcept {
  ZeroRun longest;
  ZeroRun run;
  for (int word = 0; word < kWordCount; word++) {
    if (WordAt(octets, word) != 0) {
      run = {word + 1, 0};
    } else if (++run.size > longest.size) {
      longest = run;
    }
  }
  return longest.size >= 2 ? longest : ZeroRun{};
}

// Whether the last four octets are written as an IPv4 address: ::192.0.2.1 and ::ffff:192.0.2.1.
bool HoldsIpv4(const unsigned char *octets, ZeroRun zeros) noexcept {
  return zeros.begin == 0 && (zeros.size == 6 || (zeros.size == 5 && WordAt(octets, 5) == 0xffff));
}

char *WriteOctet(char *out, unsigned octet) noexcept {
  if (octet >= 100) {
    *out++ = static_cast<char>('0' + octet / 100);
  }
  if (octet >= 10) {
    *out++ = static_cast<char>('0' + octet / 10 % 10);
  }
  *out++ = static_cast<char>('0' + octet % 10);
  return out;
}

char *WriteHex(char *out, unsigned word) noexcept {
  int shift = 12;
  while (shift > 0 && word >> shift == 0) {
    shift -= 4;
  }
  for (; shift >= 0; shift -= 4) {
    *out++ = "0123456789abcdef"[word >> shift & 15];
  }
  return out;
}

}  // namespace

char *WriteIpv4(char *out, const unsigned char *octets) noexcept {
  for (int i = 0; i < 4; i++) {
    if (i > 0) {
      *out++ = '.';
    }
    out = WriteOctet(out, octets[i]);
  }
  return out;
}

char *WriteIpv6(char *out, const unsigned char *octets) noexcept {
  const ZeroRun zeros = LongestZeroRun(octets);
  const int zeros_end = zeros.begin + zeros.size;
  for (int word = 0; word < kWordCount; word++) {
    if (word >= zeros.begin && word < zeros_end) {
      word = zeros_end - 1;
      *out++ = ':';
      continue;
    }
    if (word > 0) {
      *out++ = ':';
    }
    if (word == 6 && HoldsIpv4(octets, zeros)) {
      return WriteIpv4(out, octets + 12);
    }
    out = WriteHex(out, WordAt(octets, word));
  }
  if (zeros.size > 0 && zeros_end == kWordCount) {
    *out++ = ':';
  }
  return out;
}

}  // namespace vidyo_cdr
