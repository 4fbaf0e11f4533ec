// SPDX-License-Identifier: Apache-2.0
// The RateLimit and RateLimit-Policy header fields: how much of a quota is left, and until when.
//
//   RateLimit: "api";r=489;t=189
//   RateLimit-Policy: "fixed window";"api";q=500;w=300
//
// Format: draft-ietf-httpapi-ratelimit-headers-09; the hub's own use of it (a "fixed window" item
// in front of the policy) from captures of 2026-04 to 2026-08.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "common/http_headers.h"

namespace modelwatch::crawler {

// What the server says about one quota. Values are as it sent them, cut to sane ranges: at most
// 10^9 requests, 31 days.
struct RateLimit {
  std::string name;                      // "api"
  int64_t remaining = 0;                 // r
  absl::Duration resets_in;              // t; whole seconds, rounded down by the server
  std::optional<int64_t> quota;          // q, from the policy of the same name
  std::optional<absl::Duration> window;  // w
};

// Nothing when the header is absent or does not parse: a hub that says nothing promises nothing.
[[nodiscard]] std::optional<RateLimit> ParseRateLimit(const common::HttpHeaders& headers);

// Retry-After in its two forms, seconds or an HTTP date seen from `now`; nothing when absent or
// junk. Never negative, at most 24 hours.
[[nodiscard]] std::optional<absl::Duration> ParseRetryAfter(const common::HttpHeaders& headers,
                                                            absl::Time now);

}  // namespace modelwatch::crawler
