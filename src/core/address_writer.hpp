// Internet addresses as text, as PostgreSQL writes inet.
#pragma once

#include <cstddef>

namespace vidyo_cdr {

// Room that the longest address needs.
inline constexpr size_t kMaxAddressSize = 39;

// Writes the four octets of an IPv4 address to out and returns the end: 192.0.2.1.
char *WriteIpv4(char *out, const unsigned char *octets) noexcept;

// Writes the sixteen octets of an IPv6 address to out and returns the end: 2001:db8::1.
char *WriteIpv6(char *out, const unsigned char *octets) noexcept;

}  // namespace vidyo_cdr
