// SPDX-License-Identifier: Apache-2.0
// The configuration file: read, checked and completed with its defaults before anything starts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "modelwatch/v1/config.pb.h"

namespace modelwatch::cli {

// What the command line and the environment say about hubs, over the file.
struct HubChoice {
  std::vector<std::string>
      hubs;              // --hub NAME or NAME=URL; empty = those of the file, or huggingface
  std::string endpoint;  // HF_ENDPOINT; used for huggingface where --hub gives no URL
};

// Reads a textproto file; an empty path gives the defaults. INVALID_ARGUMENT with file, line and
// reason for an unknown field, a bad value or a hub that does not exist; NOT_FOUND when the file
// cannot be read. Every field of the result is filled: 0 never means "default" behind this door.
[[nodiscard]] absl::StatusOr<v1::Config> LoadConfig(std::string_view path, const HubChoice& choice);

// The same from text, for tests; `name` stands in error messages.
[[nodiscard]] absl::StatusOr<v1::Config> ParseConfig(std::string_view text, std::string_view name,
                                                     const HubChoice& choice);

}  // namespace modelwatch::cli
