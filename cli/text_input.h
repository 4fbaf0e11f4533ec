// SPDX-License-Identifier: Apache-2.0
// Texts named on the command line.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace modelwatch::cli {

// Beyond this a file is no licence text: 4 MiB, as the crawler's default cap for a body.
inline constexpr size_t kMaxTextFileBytes = 4 << 20;

// The bytes of a file, or of standard input for "-". NOT_FOUND, PERMISSION_DENIED, INVALID_ARGUMENT
// (a folder, or larger than `max_bytes`); the message names the path.
[[nodiscard]] absl::StatusOr<std::string> ReadText(const std::string& path,
                                                   size_t max_bytes = kMaxTextFileBytes);

// The regular files below a folder, in ascending order of path; hidden folders are passed over.
[[nodiscard]] absl::StatusOr<std::vector<std::string>> FilesBelow(const std::string& folder);

}  // namespace modelwatch::cli
