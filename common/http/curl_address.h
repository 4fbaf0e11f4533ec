// SPDX-License-Identifier: Apache-2.0
// CurlAddress: a URL as curl keeps it. While the origin stays, only path and query are replaced.
//
// Given a URL as text, curl takes it apart and writes it out again for every transfer, character by
// character: a sixth of its own instructions for a small request (callgrind, curl 7.88.1).
#pragma once

#include <string>
#include <string_view>

struct Curl_URL;  // curl's CURLU

namespace modelwatch::common {

// Owns what it hands out. Not thread-safe.
class CurlAddress {
 public:
  CurlAddress();
  ~CurlAddress();
  CurlAddress(const CurlAddress&) = delete;
  CurlAddress& operator=(const CurlAddress&) = delete;

  // What curl would read from `url`, the same rules applied. Null when it takes none of it.
  [[nodiscard]] Curl_URL* Set(const std::string& url);

 private:
  [[nodiscard]] bool SetTarget(std::string_view target);

  Curl_URL* const parsed_;
  std::string origin_;  // of what it holds, as it was given; "" when it must be read anew
};

}  // namespace modelwatch::common
