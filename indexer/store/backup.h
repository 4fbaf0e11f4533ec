// SPDX-License-Identifier: Apache-2.0
// A directory of backups (RocksDB's BackupEngine): tables and texts once, however many backups
// share them, each file with its checksum.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace rocksdb {
class DB;
}

namespace modelwatch::indexer {

// One backup of a directory.
struct BackupNumber {
  uint32_t number = 0;  // from 1 on
  uint64_t bytes = 0;   // of its files, those shared with earlier ones counted too
};

// Adds a backup of `db`, which may be written to meanwhile, and reads it back against its
// checksums. What a backup that was cut off left behind is removed by the next one.
// FAILED_PRECONDITION: `directory` is no absolute path, lies in the database, or holds something
// else. UNAVAILABLE: it cannot be written. DATA_LOSS: what was written reads back otherwise. Not to
// be called twice at once for a directory.
[[nodiscard]] absl::StatusOr<BackupNumber> AddBackup(rocksdb::DB& db, const std::string& directory);

// Makes the database `path` from a backup of `directory`, verified first; `number` 0 = the newest
// one. All of it or nothing. NOT_FOUND: there is no such backup. FAILED_PRECONDITION: something
// stands at `path` already. DATA_LOSS: the backup is damaged. UNAVAILABLE: the disk fails.
[[nodiscard]] absl::StatusOr<BackupNumber> RestoreBackup(const std::string& directory,
                                                         uint32_t number, const std::string& path);

}  // namespace modelwatch::indexer
