// SPDX-License-Identifier: Apache-2.0
// Files that are replaced whole: a reader sees the old bytes or the new ones, never a mixture, also
// after a crash at any moment.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace modelwatch::common {

// Writes `path`.tmp, syncs it, renames it over `path`, and syncs the directory. Two writers of the
// same path at once are not supported. UNAVAILABLE naming the path and the cause: disk full, no
// permission, no such directory.
[[nodiscard]] absl::Status WriteFileAtomically(const std::string& path, std::string_view content);

// NOT_FOUND: no such file. RESOURCE_EXHAUSTED: over `max_bytes`. UNAVAILABLE: cannot be read.
[[nodiscard]] absl::StatusOr<std::string> ReadWholeFile(const std::string& path,
                                                        uint64_t max_bytes = uint64_t{64} << 20);

// Makes names created, renamed or removed in this directory durable. UNAVAILABLE as above.
[[nodiscard]] absl::Status SyncDirectory(const std::string& directory);

}  // namespace modelwatch::common
