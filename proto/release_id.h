// SPDX-License-Identifier: Apache-2.0
// How people write a release: "owner/name", "hf:owner/name" or "huggingface:owner/name". What is no
// model has its kind in front, as in the hub's own addresses: "datasets/owner/name",
// "spaces/owner/name".
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "modelwatch/v1/observation.pb.h"

namespace modelwatch::proto {

// Of a release. The longest one seen has 257 bytes (an espnet recipe of 2022).
inline constexpr size_t kMaxNameBytes = 512;

// A release as a person names it. `hub` is empty when the person did not say.
struct ReleaseName {
  std::string hub;
  std::string name;
};

// INVALID_ARGUMENT when the text is empty, too long (kMaxNameBytes), or holds an empty owner or
// name, control characters or spaces. "hf" is read as "huggingface". A legacy name without an owner
// ("gpt2", "datasets/squad") is accepted.
[[nodiscard]] absl::StatusOr<ReleaseName> ParseReleaseName(std::string_view text);

// "huggingface:621ffdc036468d709f17434d", for logs and error messages.
[[nodiscard]] std::string FormatKey(const v1::ReleaseKey& key);

// "datasets/" or "spaces/" in front of a name, "" for a model's. No owner has such a name: the
// hub's own addresses would not work.
[[nodiscard]] std::string_view KindPrefix(std::string_view name);

// The part before the last slash, the kind aside, or "" for a legacy name.
[[nodiscard]] std::string_view Owner(std::string_view name);

}  // namespace modelwatch::proto
