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

// The beginning of a file, as much as a text can need, and how large the file is.
struct FileBeginning {
  std::string bytes;       // at most kMaxTextFileBytes
  size_t whole_bytes = 0;  // of a pipe: at least so many
};

// As ReadText, but a larger file is no mistake: its beginning is read. Of a file whose first 64 KiB
// are no text (weights, archives) no more than those.
[[nodiscard]] absl::StatusOr<FileBeginning> ReadBeginning(const std::string& path);

// The message of a path that cannot be read, with the code that fits `error`, an errno.
[[nodiscard]] absl::Status CannotRead(const std::string& path, int error);

// The regular files below a folder, in ascending order of path; hidden folders are passed over.
[[nodiscard]] absl::StatusOr<std::vector<std::string>> FilesBelow(const std::string& folder);

}  // namespace modelwatch::cli
