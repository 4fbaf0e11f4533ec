// SPDX-License-Identifier: Apache-2.0
// What an observation must be before anyone keeps it. Checked by the crawler before it publishes
// and again by the indexer before it stores: everything that comes from a hub is hostile.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "modelwatch/v1/observation.pb.h"

namespace modelwatch::proto {

inline constexpr size_t kMaxObservationBytes = 512 * 1024;
inline constexpr int kMaxFiles = 256;
inline constexpr int kMaxDeclared = 64;  // licences or base models of one release
inline constexpr size_t kMaxGatedPromptBytes = 64 * 1024;

// INVALID_ARGUMENT naming the field: a key out of shape, an empty name or one over 512 bytes, a
// missing observed_at or presence, a revision or oid that is not 40 hex, a digest that is not 32
// bytes, a FETCHED file with neither digest nor oid, paths that are absolute, empty, unsorted or
// repeated, or anything over the limits above. All strings must be valid UTF-8.
[[nodiscard]] absl::Status ValidateObservation(const v1::Observation& observation);

[[nodiscard]] absl::Status ValidateKey(const v1::ReleaseKey& key);

// The text with every byte that is not part of valid UTF-8 replaced by U+FFFD: protobuf strings
// must be UTF-8, and a hub may send anything.
[[nodiscard]] std::string ToValidUtf8(std::string_view text);

}  // namespace modelwatch::proto
