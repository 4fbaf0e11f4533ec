// SPDX-License-Identifier: Apache-2.0
// Which network addresses belong to the machine's own surroundings.
#pragma once

struct sockaddr;

namespace modelwatch::common {

// True for loopback, private, link-local (also cloud metadata), carrier-grade NAT, multicast and
// unspecified addresses of IPv4 and IPv6, IPv4 in IPv6 included, and for families other than these
// two. Ranges: IANA special-purpose address registries (RFC 6890), read 2026-11.
[[nodiscard]] bool IsPrivateAddress(const sockaddr& address);

}  // namespace modelwatch::common
