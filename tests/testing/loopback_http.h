// SPDX-License-Identifier: Apache-2.0
// A plain HTTP/1.1 client for 127.0.0.1 that shows bytes as they came: for tests of servers, where
// a real client would hide what was sent.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace modelwatch::testing {

struct LoopbackAnswer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case, in order
  std::string body;                                          // as sent, not decompressed
  bool is_complete = false;  // the body had all of its Content-Length

  // First value, or "". `name` in lower case.
  [[nodiscard]] std::string Get(std::string_view name) const;
};

// One request on a connection of its own. `headers` are whole lines ("Accept: */*"). Waits 10 s at
// most for each read. UNAVAILABLE when the connection fails before a head has come.
[[nodiscard]] absl::StatusOr<LoopbackAnswer> LoopbackRequest(
    int port, std::string_view method, std::string_view target, std::string_view body = "",
    const std::vector<std::string>& headers = {});

[[nodiscard]] inline absl::StatusOr<LoopbackAnswer> LoopbackGet(
    int port, std::string_view target, const std::vector<std::string>& headers = {}) {
  return LoopbackRequest(port, "GET", target, "", headers);
}

[[nodiscard]] inline absl::StatusOr<LoopbackAnswer> LoopbackPost(
    int port, std::string_view target, std::string_view body = "",
    const std::vector<std::string>& headers = {}) {
  return LoopbackRequest(port, "POST", target, body, headers);
}

}  // namespace modelwatch::testing
