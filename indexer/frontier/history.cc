// SPDX-License-Identifier: Apache-2.0
#include "indexer/frontier/history.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/status_macros.h"
#include "indexer/frontier/frontier.h"
#include "indexer/frontier/revisit.h"
#include "indexer/frontier/watch.h"
#include "indexer/store/records.h"

namespace modelwatch::indexer {
namespace {

constexpr int64_t kMicrosPerDay = int64_t{24} * 3600 * 1'000'000;
// Due times of what nobody began count down from here with the downloads, so that the most wanted
// comes first; 2^40 us after 1970 is always past.
constexpr int64_t kRanks = int64_t{1} << 40;

void PutHead(Draft& draft, const v1::ReleaseKey& key, const v1::StoredHead& head) {
  draft.Put(Table::kLatest, ReleaseKeyBytes(key), head.SerializeAsString());
}

// What comes after the first sight is in the versions.
absl::StatusOr<std::string> FirstRevision(const Draft& draft, const v1::ReleaseKey& key,
                                          const v1::StoredHead& head) {
  const auto first = GetVersion(draft, key, head.first_version());
  if (absl::IsNotFound(first.status())) return std::string();
  if (!first.ok()) return first.status();
  return first->observation().revision();
}

v1::StoredWork NewHistory(const v1::ReleaseKey& key, const std::string& name, bool is_watched,
                          uint64_t downloads, int64_t now_us) {
  const auto rank = static_cast<int64_t>(std::min(downloads, static_cast<uint64_t>(kRanks - 1)));
  v1::StoredWork stored = NewWork(HistoryId(key), v1::HISTORY, key.hub(), kRanks - rank);
  *stored.mutable_work()->mutable_key() = key;
  stored.mutable_work()->set_name(name);
  if (is_watched) {
    stored.set_priority(kPriorityHistory);
    stored.set_due_us(now_us);
  }
  return stored;
}

absl::Status MoveToFront(Draft& draft, const v1::ReleaseKey& key, int64_t now_us) {
  auto stored = GetWork(draft, HistoryId(key));
  if (absl::IsNotFound(stored.status())) return absl::OkStatus();
  if (!stored.ok()) return stored.status();
  if (stored->priority() != kPriorityNewHistory) return absl::OkStatus();
  RemoveDue(draft, *stored);
  stored->set_priority(kPriorityHistory);
  stored->set_due_us(now_us);
  PutWork(draft, *stored);
  return absl::OkStatus();
}

}  // namespace

std::string HistoryId(const v1::ReleaseKey& key) {
  return absl::StrCat(key.hub(), "/history/", key.id());
}

absl::Status AskForHistory(Draft& draft, const v1::ReleaseKey& key, uint64_t downloads,
                           int64_t now_us) {
  ASSIGN_OR_RETURN(const v1::StoredHub hub, GetHub(draft, key.hub()));
  if (hub.histories_per_day() == 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(v1::StoredHead head, GetHead(draft, key));
  const bool is_watched = IsWatched(hub, head.name());
  if (head.past() == v1::PAST_WAITING && is_watched) return MoveToFront(draft, key, now_us);
  if (head.past() != v1::PAST_STATE_UNSPECIFIED || head.presence() != v1::PRESENT) {
    return absl::OkStatus();
  }
  v1::StoredWork stored = NewHistory(key, head.name(), is_watched, downloads, now_us);
  ASSIGN_OR_RETURN(*stored.mutable_work()->mutable_revision(), FirstRevision(draft, key, head));
  PutWork(draft, stored);
  head.set_past(v1::PAST_WAITING);
  PutHead(draft, key, head);
  return absl::OkStatus();
}

size_t RoomForHistory(const v1::LeaseWorkRequest& request, const v1::StoredHub& hub,
                      uint32_t priority, const v1::LeaseWorkResponse& taken) {
  if (hub.histories_per_day() == 0) return 0;
  if (priority == kPriorityNewHistory && request.watched_past_only()) return 0;
  const auto histories = static_cast<size_t>(
      std::count_if(taken.work().begin(), taken.work().end(),
                    [](const v1::Work& work) { return work.kind() == v1::HISTORY; }));
  return request.max_histories() - std::min<size_t>(histories, request.max_histories());
}

absl::Status KeepToRate(Draft& draft, const std::string& hub, DueClass& due, int64_t now_us) {
  due.next_us = 0;
  if (due.ids.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(v1::StoredHub stored, GetHub(draft, hub));
  const int64_t interval_us = std::max<int64_t>(1, kMicrosPerDay / stored.histories_per_day());
  // Further off than one interval: the clock was set back, or the rate is higher now.
  const int64_t next_us = std::min(stored.next_history_us(), now_us + interval_us);
  if (next_us > now_us) {
    due.ids.clear();
    due.next_us = next_us;
    return absl::OkStatus();
  }
  due.ids.resize(1);
  due.next_us = now_us + interval_us;
  stored.set_next_history_us(due.next_us);
  PutHub(draft, hub, stored);
  return absl::OkStatus();
}

absl::Status CheckHistoryEnd(const v1::FinishWorkRequest& request) {
  if (request.past() == v1::PAST_WHOLE || request.past() == v1::PAST_CUT ||
      request.past() == v1::PAST_UNREADABLE) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("finish ", request.id(), ": it does not say how much of the past was read"));
}

absl::Status FinishHistory(Draft& draft, const v1::StoredWork& stored, v1::PastState past) {
  RemoveDue(draft, stored);
  draft.Delete(Table::kWork, stored.work().id());
  ASSIGN_OR_RETURN(v1::StoredHead head, GetHead(draft, stored.work().key()));
  head.set_past(past);
  PutHead(draft, stored.work().key(), head);
  return absl::OkStatus();
}

}  // namespace modelwatch::indexer
