// SPDX-License-Identifier: Apache-2.0
// CurlClient: HttpClient by libcurl's multi interface.
//
// Connections are kept and reused; HTTP/2 is spoken where a TLS server offers it, many transfers on
// one connection; bodies come gzipped where the server does that. A broken HTTP/2 framing (curl
// errors 16 and 92) is tried once again over HTTP/1.1 on a fresh connection: curl 7.88.1 fails
// every second transfer on some reused connections (measured 2026-11, Debian 12). Proxies of the
// environment are not used: curl would look for them with getenv at every request.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "common/http/http_client.h"

namespace modelwatch::common {

struct CurlClientOptions {
  std::string user_agent = "modelwatch";
  // At most 64 in one multi handle: beyond it the throughput falls (64: 42k, 256: 26k, 1024: 20k
  // requests per CPU second, measured 2026-11).
  size_t max_in_flight = 32;
  // PEM file with the certificates to trust instead of the system's; for tests and private hubs.
  std::string ca_file;
  // Loopback, private and link-local addresses are refused unless set: what a hub or a user names
  // must not reach into the machine's own network. Checked on the resolved address.
  bool allow_private_addresses = false;
  absl::Duration connect_timeout = absl::Seconds(10);
  // A transfer slower than this many bytes a second for `low_speed_time` is given up.
  long low_speed_bytes = 64;
  absl::Duration low_speed_time = absl::Seconds(30);
};

// Never fails: what is wrong shows at the first transfer. Threads as HttpClient.
[[nodiscard]] std::unique_ptr<HttpClient> NewCurlClient(CurlClientOptions options);

}  // namespace modelwatch::common
