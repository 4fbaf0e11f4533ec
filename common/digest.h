// SPDX-License-Identifier: Apache-2.0
// Digests of bytes: SHA-256 names contents in our store, git's SHA-1 names them at a hub.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace modelwatch::common {

inline constexpr size_t kSha256Bytes = 32;
inline constexpr size_t kGitOidBytes = 20;

// 32 raw bytes.
[[nodiscard]] std::string Sha256(std::string_view bytes);

// The id git gives a blob: SHA-1 over "blob <length>\0<bytes>". 40 hex digits.
// Source: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects (2014, read 2026-11).
[[nodiscard]] std::string GitBlobOid(std::string_view bytes);

[[nodiscard]] std::string ToHex(std::string_view bytes);
// INVALID_ARGUMENT when the length is odd or a digit is not hexadecimal.
[[nodiscard]] absl::StatusOr<std::string> FromHex(std::string_view hex);

// True for 40 lower-case hexadecimal digits: a git commit or blob id.
[[nodiscard]] bool IsGitOid(std::string_view text);

}  // namespace modelwatch::common
