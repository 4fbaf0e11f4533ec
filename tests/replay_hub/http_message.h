// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 messages as plain values.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace modelwatch::replay_hub {

using Header = std::pair<std::string, std::string>;

struct Request {
  std::string method;           // "GET"
  std::string path;             // before '?', still percent-encoded
  std::string query;            // after '?', still percent-encoded; "" when absent
  std::vector<Header> headers;  // names in lower case, in order
  std::string body;
  std::string peer;        // address of the client, without port
  bool keep_alive = true;  // what the client asked for

  // First value of the header (name in lower case), or "".
  [[nodiscard]] std::string_view Get(std::string_view name) const;
};

// How the bytes of an answer are spoilt on their way out. Everything else about them is sound.
struct WireFault {
  std::optional<size_t> cut_after;         // body bytes sent before the connection ends
  bool reset = false;                      // ... with a TCP reset instead of an orderly end
  size_t drip_bytes = 0;                   // send this many bytes at a time (0 = at once) ...
  int drip_pause_ms = 0;                   // ... with this pause between them
  std::optional<uint64_t> claimed_length;  // Content-Length to claim instead of the true one
};

struct Response {
  int status = 200;
  std::vector<Header> headers;  // without Content-Length and Connection: the server adds them
  std::string body;
  // A body that someone else keeps alive (a blob of the world): sent instead of `body` when set.
  std::optional<std::string_view> borrowed_body;
  // A body too large to hold: sent as this pattern repeated, from `pattern_offset`.
  std::optional<uint64_t> pattern_bytes;
  uint64_t pattern_offset = 0;
  std::optional<WireFault> fault;

  void Set(std::string name, std::string value) {
    headers.emplace_back(std::move(name), std::move(value));
  }
  [[nodiscard]] std::string_view Get(std::string_view name) const;  // exact spelling
  [[nodiscard]] uint64_t body_size() const {
    if (pattern_bytes) return *pattern_bytes;
    return borrowed_body ? borrowed_body->size() : body.size();
  }
};

// "Not Found" for 404.
[[nodiscard]] std::string_view ReasonPhrase(int status);

}  // namespace modelwatch::replay_hub
