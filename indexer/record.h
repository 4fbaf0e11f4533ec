// SPDX-License-Identifier: Apache-2.0
// How commands reach the record of a data directory, whether an indexer runs on it or not.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "indexer/client/record.h"

namespace modelwatch::indexer {

// Asks the running indexer when it answers, else opens the database read-only. NOT_FOUND: no such
// directory, or no database in it.
[[nodiscard]] absl::StatusOr<std::unique_ptr<Record>> OpenRecord(const std::string& data_dir);

}  // namespace modelwatch::indexer
