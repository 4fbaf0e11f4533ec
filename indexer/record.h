// SPDX-License-Identifier: Apache-2.0
// How commands reach the record of a data directory, whether an indexer runs on it or not.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "indexer/client/record.h"

namespace modelwatch::indexer {

// Asks the running indexer when it answers, else opens the database read-only (Backup: for writing,
// while it lasts). NOT_FOUND: no such directory, or no database in it.
[[nodiscard]] absl::StatusOr<std::unique_ptr<Record>> OpenRecord(const std::string& data_dir);

// Makes the database of `data_dir` from a backup; see RestoreBackup in indexer/store/backup.h for
// the rest. `directory` need not be absolute.
[[nodiscard]] absl::StatusOr<v1::BackupResponse> Restore(const std::string& directory,
                                                         uint32_t number,
                                                         const std::string& data_dir);

}  // namespace modelwatch::indexer
