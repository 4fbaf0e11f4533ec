// SPDX-License-Identifier: Apache-2.0
// Watermark: how far a database was acknowledged, noted outside of its write-ahead log.
//
// RocksDB takes damage at the end of its newest log for a torn write and cuts it off: a flipped
// length byte in the last 32 KiB, or a truncation, would take acknowledged writes with it and
// nothing would say so. The mark is a file that is overwritten in place after each synced write, a
// microsecond; it is not synced itself, so after a power loss it may be older than the log, which
// makes it see less, never too much.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mutex.h"

namespace modelwatch::indexer {

// The mark of the database at `path`; 0 where there is none (an older program's, or a restored
// one). DATA_LOSS: the file is damaged. UNAVAILABLE: it cannot be read.
[[nodiscard]] absl::StatusOr<uint64_t> ReadWatermark(const std::string& path);

// Thread-safe.
class Watermark {
 public:
  // Makes the file, synced, with `number` in it.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<Watermark>> Start(const std::string& path,
                                                                        uint64_t number);
  ~Watermark();
  Watermark(const Watermark&) = delete;
  Watermark& operator=(const Watermark&) = delete;

  // Everything up to `number` is synced. A lower number than before changes nothing. False: the
  // file could not be written, so the mark stays behind.
  bool Raise(uint64_t number);

 private:
  Watermark(int file, uint64_t number) : file_(file), number_(number) {}

  const int file_;
  common::Mutex mutex_;
  uint64_t number_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace modelwatch::indexer
