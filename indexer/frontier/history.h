// SPDX-License-Identifier: Apache-2.0
// History: which release's past is read, and when.
//
// Asked for once, when a release is first known: a unit of work of the last class of the due index.
// Those that nobody began stand in the order of downloads and are begun at the hub's rate; those on
// the watch list, and those that were begun, stand before them and need no permission. What was
// read is remembered with the release's head, so that it is never asked for again.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "indexer/frontier/work.h"
#include "indexer/store/draft.h"
#include "modelwatch/v1/frontier.pb.h"
#include "modelwatch/v1/storage.pb.h"

namespace modelwatch::indexer {

inline constexpr uint32_t kMaxHistoriesPerDay = 100'000'000;

[[nodiscard]] std::string HistoryId(const v1::ReleaseKey& key);

// Puts the past of a release that is there on the list, if the hub reads any, and it is not there
// or done; moves one that waits to the front when the release is watched now. REQUIRES: its head
// and first version are in the store or the draft. Idempotent.
[[nodiscard]] absl::Status AskForHistory(Draft& draft, const v1::ReleaseKey& key,
                                         uint64_t downloads, int64_t now_us);

// How many HISTORY units of a class a lease may take beside what it has taken. Pure.
[[nodiscard]] size_t RoomForHistory(const v1::LeaseWorkRequest& request, const v1::StoredHub& hub,
                                    uint32_t priority, const v1::LeaseWorkResponse& taken);

// Lets at most one of `due` begin, and none before the hub's rate allows it; then says when.
[[nodiscard]] absl::Status KeepToRate(Draft& draft, const std::string& hub, DueClass& due,
                                      int64_t now_us);

// INVALID_ARGUMENT: the report does not say what came of it.
[[nodiscard]] absl::Status CheckHistoryEnd(const v1::FinishWorkRequest& request);
// Forgets the work and remembers what came of it. REQUIRES: CheckHistoryEnd.
[[nodiscard]] absl::Status FinishHistory(Draft& draft, const v1::StoredWork& stored,
                                         v1::PastState past);

}  // namespace modelwatch::indexer
