// SPDX-License-Identifier: Apache-2.0
// Headers for tests, written as they stand in a transcript.
#pragma once

#include <string_view>

#include "common/http_headers.h"

namespace modelwatch::testing {

// "name: value" lines; the first line may be a status line.
inline common::HttpHeaders ParseHeaders(std::string_view text) {
  common::HttpHeaders headers;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line == "\r") break;
    const size_t colon = line.find(':');
    if (line.rfind("HTTP/", 0) == 0 || colon == std::string_view::npos) continue;
    headers.Add(line.substr(0, colon), line.substr(colon + 1));
  }
  return headers;
}

}  // namespace modelwatch::testing
