// SPDX-License-Identifier: Apache-2.0
// Reads certificate and key files, for channels and servers alike.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace modelwatch::common {

// The file's text; "" for an empty path. NOT_FOUND: it cannot be read. INVALID_ARGUMENT: it holds
// no PEM block, so that a wrong path shows at start and not as a failed handshake later.
[[nodiscard]] absl::StatusOr<std::string> ReadPem(const std::string& path);

}  // namespace modelwatch::common
