// SPDX-License-Identifier: Apache-2.0
// Backups of a database in a directory of their own: each is whole, and what two hold alike stands
// there once. Every file carries a checksum, which is read back after writing and before restoring.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace rocksdb {
class DB;
}

namespace modelwatch::indexer {

struct Backup {
  uint32_t id = 0;               // ascending in a directory
  int64_t made_at = 0;           // seconds since 1970, our clock
  uint64_t newest_sequence = 0;  // committed when it began; it may hold later ones too
  uint64_t bytes = 0;            // of the files that make it up
  bool damaged = false;          // its list of files cannot be read, or files are missing
};

struct TakenBackup {
  Backup backup;
  uint64_t new_bytes = 0;  // that no earlier backup had
  uint32_t deleted = 0;    // older backups
};

struct BackupPlan {
  std::string directory;         // made when absent; else empty or of earlier backups
  uint32_t keep = 1;             // newest backups that stay, at least 1
  uint64_t newest_sequence = 0;  // to be noted with it
};

// Asked now and then while files are copied: true = give up, with UNAVAILABLE.
using GiveUp = std::function<bool()>;

// While `db` is written. Older backups are deleted only after the new one was verified.
// FAILED_PRECONDITION: the directory holds something else, or another process writes it.
// UNAVAILABLE: it cannot be written. DATA_LOSS: what was written does not read back.
[[nodiscard]] absl::StatusOr<TakenBackup> TakeBackup(rocksdb::DB& db, const BackupPlan& plan,
                                                     const GiveUp& give_up);

// Ascending. NOT_FOUND: none there. Writes nothing.
[[nodiscard]] absl::StatusOr<std::vector<Backup>> ListBackups(const std::string& directory);

// Reads every byte of the backup first, then copies it to `path`, which must not exist. `id` 0 =
// the newest. NOT_FOUND: no such backup. DATA_LOSS: it is damaged. UNAVAILABLE: `path` cannot be
// written, or the disk has less space than the backup needs.
[[nodiscard]] absl::StatusOr<Backup> RestoreBackup(const std::string& directory, uint32_t id,
                                                   const std::string& path);

}  // namespace modelwatch::indexer
