// SPDX-License-Identifier: Apache-2.0
// Spool: a queue on disk for what could not be published yet.
//
// A directory of segment files, read in the order of their numbers and deleted when all of it is in
// the index. A segment is "MWSPOOL1", then records: length (4 bytes, little-endian), the first 8
// bytes of the payload's SHA-256, the payload (a serialized v1::PutItem). A crash can tear the last
// record of the last segment alone; what is torn was never promised, and is dropped. A segment is
// either written or read, never both, and no old segment is written again, so nothing stands behind
// a torn record. Rejected: a RocksDB column family (a second database to open, lock and migrate for
// a queue that is empty nearly always).
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "modelwatch/v1/ingest.pb.h"

namespace modelwatch::crawler {

// Not thread-safe; one process has a directory open at a time (the indexer's lease sees to it).
class Spool {
 public:
  // Makes the directory when it is missing. FAILED_PRECONDITION: it cannot be made or read.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<Spool>> Open(std::string directory,
                                                                   uint64_t max_bytes);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  // Adds the items at the end; durable (synced) when OK, and none of them otherwise.
  // RESOURCE_EXHAUSTED: it would be over max_bytes. UNAVAILABLE: the disk is full or fails.
  [[nodiscard]] absl::Status Append(const std::vector<v1::PutItem>& items);

  // The oldest items, in order, at most `max_items` and about `max_bytes`, at least one unless
  // empty.
  [[nodiscard]] std::vector<v1::PutItem> Front(size_t max_items, size_t max_bytes);

  // Forgets the first `count` items of Front(). After a crash some may come again.
  void Pop(size_t count);

  [[nodiscard]] bool empty() const { return front_.empty() && segments_.empty(); }
  [[nodiscard]] uint64_t bytes() const { return bytes_; }

 private:
  struct Segment {
    std::string path;
    uint64_t bytes = 0;
  };

  Spool(std::string directory, uint64_t max_bytes);
  absl::Status Scan();
  absl::Status OpenSegment();
  void CloseSegment();
  void LoadFront();
  void DropFront();

  const std::string directory_;
  const uint64_t max_bytes_;
  std::deque<Segment> segments_;   // oldest first; the last may be open for writing
  std::deque<v1::PutItem> front_;  // what is left of segments_.front(), once it is read
  bool front_loaded_ = false;
  int fd_ = -1;  // of segments_.back(), or -1
  uint64_t next_number_ = 1;
  uint64_t bytes_ = 0;
};

// A segment's whole records, as views into `bytes`. Pure.
struct SpoolSegment {
  std::vector<std::string_view> records;
  size_t torn_bytes = 0;  // behind the last whole record
};
[[nodiscard]] SpoolSegment ParseSpoolSegment(std::string_view bytes);

}  // namespace modelwatch::crawler
