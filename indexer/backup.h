// SPDX-License-Identifier: Apache-2.0
// Backups of a data directory. Behind `modelwatch db backup` and `db restore`.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "indexer/indexer.h"
#include "indexer/store/backup.h"

namespace modelwatch::indexer {

// Adds a backup of the data directory's database to `directory`: by the running indexer when one
// answers, which goes on ingesting, else by this process. NOT_FOUND: no database. Else as in
// proto/modelwatch/v1/backup.proto.
[[nodiscard]] absl::StatusOr<TakenBackup> BackUpStore(const std::string& data_dir,
                                                      const std::string& directory, uint32_t keep);

struct Restored {
  Backup backup;
  StoreReport report;  // of the database as it was restored
};

// Makes `data_dir`, which must be absent or empty, out of a backup (`id` 0 = the newest), and reads
// every record of it. The database appears whole or not at all. FAILED_PRECONDITION: the directory
// is a file or not empty. Else as RestoreBackup.
[[nodiscard]] absl::StatusOr<Restored> RestoreStore(const std::string& directory, uint32_t id,
                                                    const std::string& data_dir);

}  // namespace modelwatch::indexer
