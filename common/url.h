// SPDX-License-Identifier: Apache-2.0
// Url: http and https addresses, taken apart far enough to know whom one is talking to.
//
//   ParseUrl("https://Hub.example:443/a?b=1#c") -> {https, hub.example, 443, "/a?b=1"}
//   ParseUrl("ftp://x/")                        -> INVALID_ARGUMENT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace modelwatch::common {

// A value. `target` is path and query as written, never empty, begins with '/'. Fragments are
// dropped: they are never sent.
struct Url {
  std::string scheme;  // "http" or "https"
  std::string host;    // lower case; IPv6 in brackets
  uint16_t port = 0;   // the scheme's own when not written
  std::string target;
};

// INVALID_ARGUMENT: another scheme, no host, a port out of range, a user name or password inside,
// spaces or control bytes, or longer than 16 KiB.
[[nodiscard]] absl::StatusOr<Url> ParseUrl(std::string_view text);

// "https://hub.example" or "http://127.0.0.1:8080": the port only when it is not the scheme's own.
[[nodiscard]] std::string Origin(const Url& url);
[[nodiscard]] std::string FormatUrl(const Url& url);

// Same scheme, host and port: where a credential for the one may be sent to the other.
[[nodiscard]] bool SameOrigin(const Url& a, const Url& b);

// Where `reference` (a Location or Link value: absolute, "//host/x", "/x" or "x") leads from
// `base`. Dot segments are left as they are. INVALID_ARGUMENT as ParseUrl.
[[nodiscard]] absl::StatusOr<Url> ResolveUrl(const Url& base, std::string_view reference);

// Everything but unreserved characters (RFC 3986) and those in `keep` becomes %XX.
[[nodiscard]] std::string PercentEncode(std::string_view text, std::string_view keep = "");

// `target` with the query parameter `name` set to `value` (encoded by the caller); its first
// occurrence is replaced in place, or it is added at the end.
[[nodiscard]] std::string WithParameter(std::string_view target, std::string_view name,
                                        std::string_view value);

}  // namespace modelwatch::common
