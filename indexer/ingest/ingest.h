// SPDX-License-Identifier: Apache-2.0
// Ingest: one observation against what is known of its release.
//
//   same digest as the newest version   -> last seen moves on, nothing else         SKIPPED
//   a FETCHED file whose text is nowhere -> nothing is stored                        RETRY
//   a FAILED file                        -> a visit is scheduled; no version         SKIPPED
//   older than the last sight            -> ignored: it cannot say what is true now  SKIPPED
//   else                                 -> version, change, log entry, texts, oids, name, head
//   STORED
//
// An item that says what the release was before it was first seen goes another way: past.h.
//
// An observation that arrives late (observed before the release was last seen) and differs would
// make a version that never followed the present one, and the next visit would undo it: two changes
// that nobody made. A late one that agrees changes nothing. Equal times are taken in the order they
// come, because a hub's clock has whole seconds.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "indexer/ingest/prepare.h"
#include "indexer/store/draft.h"

namespace modelwatch::indexer {

// Adds what the item does to `draft`. Runs on the committer thread. An error is the store's, never
// the item's: what is wrong with the item is in the acknowledgement.
[[nodiscard]] absl::StatusOr<v1::ItemAck> IngestItem(Draft& draft, PreparedItem item,
                                                     int64_t now_us);

}  // namespace modelwatch::indexer
