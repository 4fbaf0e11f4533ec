// SPDX-License-Identifier: Apache-2.0
// Health: whether a hub is heard and its canary comes through, and how much of the hub is known.
//
// Silence is news like a change: whoever hears nothing must be able to tell "nothing changed" from
// "nobody looked". It is measured by the index's clock against the interval that a crawler
// promised. Everything here is pure but the functions that take a Draft or a View. Times are
// `now_us`.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "indexer/store/draft.h"
#include "indexer/store/store.h"
#include "modelwatch/v1/frontier.pb.h"
#include "modelwatch/v1/storage.pb.h"

namespace modelwatch::indexer {

// So many intervals without success are a silence: one is lost to a slow answer, two to a retry.
inline constexpr int64_t kSilentIntervals = 3;
// Never sooner: a lease that a killed crawler held is handed out again only after a minute.
inline constexpr absl::Duration kLeastSilence = absl::Seconds(90);
// The "canary" of a declaration that wants none.
inline constexpr char kNoCanary[] = "-";

// Whether no listing of the hub got on for three intervals. Never of a hub that no crawler promised
// to keep.
[[nodiscard]] bool IsSilent(const v1::StoredHub& hub, int64_t now_us);
// Whether the canary's last visit that went all the way is three intervals ago.
[[nodiscard]] bool IsCanarySilent(const v1::StoredHub& hub, int64_t now_us);

// INVALID_ARGUMENT: a canary's name or interval out of range.
[[nodiscard]] absl::Status CheckCanary(const v1::DeclareHubRequest& request);

// Takes over what a declaration says of the canary and of the promise to keep the hub.
void DeclareHealth(const v1::DeclareHubRequest& request, int64_t now_us, v1::StoredHub& hub);

// A listing reported: rows are counted, and the hub was heard if it got on.
void NoteListing(const v1::FinishWorkRequest& request, v1::StoredWork& stored, int64_t now_us,
                 v1::StoredHub& hub);

// A visit of this release is over. The canary came through when it is there and was seen anew since
// the last time: its observation is in the index before its visit is reported. DATA_LOSS.
[[nodiscard]] absl::Status NoteVisit(const Draft& draft, const v1::ReleaseKey& key, int64_t now_us,
                                     v1::StoredHub& hub);

[[nodiscard]] bool IsCanary(const v1::StoredHub& hub, std::string_view name);

// The release that is to be the canary: the one declared, else the one in use, else the first
// PRESENT one in the order of keys. NOT_FOUND: none is known yet, or none is wanted. Reads the
// store alone, one record as a rule.
struct Canary {
  v1::ReleaseKey key;
  std::string name;
};
[[nodiscard]] absl::StatusOr<Canary> ChooseCanary(const View& view, const std::string& hub_name,
                                                  const v1::StoredHub& hub);

// Keeps how many releases the sweep `work_id` saw, once that is finished.
[[nodiscard]] absl::Status NoteSwept(Draft& draft, const std::string& work_id, uint64_t seen);

}  // namespace modelwatch::indexer
