// SPDX-License-Identifier: Apache-2.0
// The store on RocksDB: how it is opened, and what its durability rests on.
//
// Every write is synced before it is acknowledged. The write-ahead log is read back strictly:
// damage is refused as DATA_LOSS, and a torn tail (of a write that was never acknowledged) is cut
// off. What RocksDB would take for a torn tail although it was acknowledged is told by a mark of
// our own (watermark.h). RocksDB's default mode was measured to drop half of the acknowledged
// writes silently after one flipped byte; see docs/storage.md.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "indexer/store/backup.h"
#include "indexer/store/store.h"

namespace modelwatch::indexer {

struct RocksOptions {
  bool read_only = false;                        // takes no lock, refuses every write
  size_t cache_bytes = size_t{64} << 20;         // uncompressed blocks, shared by all tables
  size_t write_buffer_bytes = size_t{64} << 20;  // of all tables together
  // Writes are refused when less space than this is left on the disk: RocksDB 7.8 cannot write
  // again after its log met a full disk (facebook/rocksdb#11643, read 2026-11), so it must not get
  // there. What is in memory fits into it twice.
  size_t reserve_bytes = size_t{128} << 20;
};

class RocksStore : public Store {
 public:
  // Reads every block of every table's files, also what no read comes by; the texts' own files are
  // checked as they are read. DATA_LOSS: one is damaged.
  [[nodiscard]] virtual absl::Status VerifyFiles() const = 0;
  // See backup.h; writes go on meanwhile. UNAVAILABLE also when opened read-only.
  [[nodiscard]] virtual absl::StatusOr<TakenBackup> TakeBackup(const BackupPlan& plan,
                                                               const GiveUp& give_up) const = 0;
};

// `path` is the database's own directory (DATA/db).
// FAILED_PRECONDITION: another process has it open, or it has tables this program does not know.
// NOT_FOUND: read_only and there is no database. DATA_LOSS: damaged. UNAVAILABLE: the disk fails.
[[nodiscard]] absl::StatusOr<std::unique_ptr<RocksStore>> OpenRocksStore(
    const std::string& path, const RocksOptions& options);

// Whether a database stands at `path`.
[[nodiscard]] bool RocksStoreExists(const std::string& path);

}  // namespace modelwatch::indexer
