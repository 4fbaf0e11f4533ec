// SPDX-License-Identifier: Apache-2.0
// Past: what a release was before it was first seen, kept beside its versions and never among them.
//
// It stands in a table of its own, so that nothing of it can become the newest version, a change,
// an entry of the log or an alert (docs/decisions/0022-past-beside-the-log.md). A crawler that was
// cut off sends some of it twice, and not always the same part: what is kept does not depend on
// that.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "indexer/ingest/prepare.h"
#include "indexer/store/draft.h"
#include "modelwatch/v1/storage.pb.h"

namespace modelwatch::indexer {

// Of one release, whatever a crawler is told to read. A real card has a handful of licence files,
// so its whole past is some 20 KiB; a hostile one stays under kMaxPastBytes.
inline constexpr int kMaxPastVersions = 1'000;
inline constexpr size_t kMaxPastBytes = size_t{4} << 20;

// Puts `version` in its place. Of commits side by side that hold the same files, only the oldest is
// kept: it is the one that brought them; what was passed over between two commits may have held
// anything. One with a FAILED file gives way to what a later try reads. False when nothing is to be
// done: it is here, an older commit beside it holds the same, or the past is full. REQUIRES:
// commits come in the order of the list, as often as they like from any place reached before. Pure.
[[nodiscard]] bool AddPast(v1::StoredPast& past, v1::PastVersion version);

// REQUIRES: item.past_index. Acknowledged as proto/modelwatch/v1/ingest.proto says. Runs on the
// committer thread; an error is the store's.
[[nodiscard]] absl::StatusOr<v1::ItemAck> IngestPast(Draft& draft, PreparedItem item,
                                                     int64_t now_us);

}  // namespace modelwatch::indexer
