// SPDX-License-Identifier: Apache-2.0
// Prepare: everything about a batch that needs no database, so that it runs on the caller's thread
// and the committer only has to look up and write.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "modelwatch/v1/ingest.pb.h"

namespace modelwatch::indexer {

// The limits of one PutBatch; index.h of the client states the same for callers.
inline constexpr int kMaxItems = 256;
inline constexpr size_t kMaxBytes = size_t{1} << 20;

// A verified content.
struct PreparedBlob {
  std::string content;
  std::string oid;  // 20 raw bytes when the sender named one and it is right; else empty
};

struct PreparedItem {
  v1::Observation observation;
  std::map<std::string, PreparedBlob> blobs;  // by SHA-256
  std::optional<uint32_t> past_index;         // set: an item of the past, and its place there
  uint64_t downloads = 0;
  std::string refused;  // why it can never be stored; empty when it is sound
};

// Validates every observation and recomputes every digest. A blob with a wrong digest makes its
// item refused; a wrong oid is only not believed (the hub says what it says, git's arithmetic
// decides). INVALID_ARGUMENT: over a limit. An item alone may be larger than kMaxBytes.
[[nodiscard]] absl::StatusOr<std::vector<PreparedItem>> Prepare(const v1::PutBatchRequest& request);

}  // namespace modelwatch::indexer
