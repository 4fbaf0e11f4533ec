// SPDX-License-Identifier: Apache-2.0
#include "common/http/address.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>

namespace modelwatch::common {
namespace {

struct Range {
  uint32_t network;
  int bits;
};

constexpr Range kPrivate[] = {
    {0x00000000, 8},   // 0.0.0.0/8 this network
    {0x0A000000, 8},   // 10.0.0.0/8
    {0x64400000, 10},  // 100.64.0.0/10 carrier-grade NAT
    {0x7F000000, 8},   // 127.0.0.0/8
    {0xA9FE0000, 16},  // 169.254.0.0/16 link-local, cloud metadata
    {0xAC100000, 12},  // 172.16.0.0/12
    {0xC0000000, 24},  // 192.0.0.0/24 protocol assignments
    {0xC0A80000, 16},  // 192.168.0.0/16
    {0xC6120000, 15},  // 198.18.0.0/15 benchmarking
    {0xE0000000, 3},   // 224.0.0.0/3 multicast, reserved, broadcast
};

bool IsPrivateV4(uint32_t host_order) {
  return std::any_of(std::begin(kPrivate), std::end(kPrivate), [host_order](const Range& range) {
    return (host_order >> (32 - range.bits)) == (range.network >> (32 - range.bits));
  });
}

bool IsPrivateV6(const in6_addr& address) {
  const uint8_t* const bytes = address.s6_addr;
  const bool zeros = std::all_of(bytes, bytes + 10, [](uint8_t byte) { return byte == 0; });
  const bool mapped = zeros && bytes[10] == 0xFF && bytes[11] == 0xFF;
  const bool compatible = zeros && bytes[10] == 0 && bytes[11] == 0;  // also :: and ::1
  const bool translated =
      bytes[0] == 0x00 && bytes[1] == 0x64 && bytes[2] == 0xFF && bytes[3] == 0x9B;
  if (mapped || compatible || translated) {
    uint32_t inner = 0;
    for (int i = 12; i < 16; ++i) inner = (inner << 8) | bytes[i];
    return IsPrivateV4(inner);
  }
  const bool unique_local = (bytes[0] & 0xFE) == 0xFC;
  const bool link_local = bytes[0] == 0xFE && (bytes[1] & 0xC0) == 0x80;
  return unique_local || link_local || bytes[0] == 0xFF;
}

}  // namespace

bool IsPrivateAddress(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof(v4));
    return IsPrivateV4(ntohl(v4.sin_addr.s_addr));
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof(v6));
    return IsPrivateV6(v6.sin6_addr);
  }
  return true;
}

}  // namespace modelwatch::common
