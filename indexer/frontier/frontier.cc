// SPDX-License-Identifier: Apache-2.0
#include "indexer/frontier/frontier.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "indexer/frontier/health.h"
#include "indexer/frontier/history.h"
#include "indexer/frontier/revisit.h"
#include "indexer/frontier/work.h"
#include "indexer/store/records.h"
#include "proto/validate.h"

namespace modelwatch::indexer {
namespace {

constexpr int64_t kDefaultLeaseMs = 60'000;
constexpr int64_t kDayMs = 24 * 3'600'000;
constexpr int64_t kMaxLeaseMs = kDayMs;
constexpr int64_t kMicrosPerMilli = 1'000;
constexpr int64_t kMaxIntervalMs = int64_t{366} * 24 * 3'600'000;

int64_t LeaseMicros(int64_t lease_ms) {
  const int64_t wanted = lease_ms <= 0 ? kDefaultLeaseMs : lease_ms;
  return std::min(wanted, kMaxLeaseMs) * kMicrosPerMilli;
}

absl::Status DeclareListing(Draft& draft, const std::string& hub, v1::WorkKind kind,
                            int64_t interval_ms, int64_t now_us) {
  const std::string id = kind == v1::SWEEP ? SweepId(hub) : KeepUpId(hub);
  auto stored = GetWork(draft, id);
  if (absl::IsNotFound(stored.status())) {
    PutWork(draft, NewWork(id, kind, hub, now_us));
    return absl::OkStatus();
  }
  if (!stored.ok()) return stored.status();
  const int64_t latest = now_us + interval_ms * kMicrosPerMilli;
  if (!IsLeased(*stored, now_us) && stored->due_us() > latest) MoveDue(draft, *stored, latest);
  return absl::OkStatus();
}

absl::Status CheckDeclared(const v1::DeclareHubRequest& request) {
  v1::ReleaseKey key;
  key.set_hub(request.hub());
  key.set_id("any");
  if (!proto::ValidateKey(key).ok()) {
    return absl::InvalidArgumentError("declare hub: the name must be 1 to 32 of [a-z0-9-]");
  }
  for (const int64_t interval : {request.keep_up_ms(), request.sweep_ms()}) {
    if (interval <= 0 || interval > kMaxIntervalMs) {
      return absl::InvalidArgumentError(absl::StrCat("declare hub ", request.hub(), ": interval ",
                                                     interval,
                                                     " ms is not between 1 ms and a year"));
    }
  }
  return absl::OkStatus();
}

absl::Status Stale(const std::string& id) {
  return absl::AbortedError(
      absl::StrCat("finish ", id, ": the lease ended and the work was handed out again; stop it"));
}

int64_t Earlier(int64_t a_us, int64_t b_us) {
  return a_us == 0 ? b_us : b_us == 0 ? a_us : std::min(a_us, b_us);
}

// The part of a visit in the hub's sum, which sets the price of all others.
absl::Status SetRoot(Draft& draft, v1::StoredWork& stored, double root) {
  if (root == stored.root()) return absl::OkStatus();
  ASSIGN_OR_RETURN(v1::StoredHub hub, GetHub(draft, stored.work().hub()));
  hub.set_sum_of_roots(std::max(0.0, hub.sum_of_roots() - stored.root() + root));
  PutHub(draft, stored.work().hub(), hub);
  stored.set_root(root);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<VisitAt>> VisitAfter(const Draft& draft, const v1::StoredWork& stored,
                                                  int64_t now_us) {
  const auto head = GetHead(draft, stored.work().key());
  if (absl::IsNotFound(head.status())) return std::optional<VisitAt>();
  if (!head.ok()) return head.status();
  ASSIGN_OR_RETURN(const v1::StoredHub hub, GetHub(draft, stored.work().hub()));
  return NextVisit(hub, *head, stored.root() > 0, stored.root(), now_us);
}

// A finished visit is forgotten, unless it was asked for again meanwhile, or the release is one
// that is visited for ever.
absl::Status FinishVisit(Draft& draft, v1::StoredWork& stored, int64_t now_us) {
  ASSIGN_OR_RETURN(v1::StoredHub hub, GetHub(draft, stored.work().hub()));
  if (!hub.canary().empty()) {
    RETURN_IF_ERROR(NoteVisit(draft, stored.work().key(), now_us, hub));
    PutHub(draft, stored.work().hub(), hub);
  }
  ASSIGN_OR_RETURN(const std::optional<VisitAt> next, VisitAfter(draft, stored, now_us));
  RETURN_IF_ERROR(SetRoot(draft, stored, next.has_value() ? next->root : 0));
  RemoveDue(draft, stored);
  const int64_t due_us = Earlier(stored.again_us(), next.has_value() ? next->due_us : 0);
  if (due_us == 0) {
    draft.Delete(Table::kWork, stored.work().id());
    return absl::OkStatus();
  }
  stored.mutable_work()->set_attempt(0);
  stored.mutable_work()->set_lease_expires_us(0);
  stored.set_again_us(0);
  stored.set_priority(next.has_value() ? next->priority : kPriorityVisit);
  stored.set_due_us(due_us);
  PutWork(draft, stored);
  return absl::OkStatus();
}

absl::Status VisitCanary(Draft& draft, const std::string& hub_name, int64_t now_us);

absl::Status FinishListing(Draft& draft, v1::StoredWork& stored,
                           const v1::FinishWorkRequest& request, int64_t now_us) {
  v1::Work& work = *stored.mutable_work();
  ASSIGN_OR_RETURN(v1::StoredHub hub, GetHub(draft, work.hub()));
  hub.set_last_listing_us(now_us);
  NoteListing(request, stored, now_us, hub);
  int64_t interval_ms = hub.keep_up_ms();
  if (work.kind() == v1::SWEEP) {
    interval_ms = hub.sweep_ms();
    hub.set_last_sweep_us(now_us);
    hub.set_sweeps(hub.sweeps() + 1);
  }
  PutHub(draft, work.hub(), hub);
  RETURN_IF_ERROR(VisitCanary(draft, work.hub(), now_us));
  work.set_cursor("");
  work.set_started_us(0);
  work.set_attempt(0);
  work.set_watermark_us(std::max(work.watermark_us(), request.watermark_us()));
  work.set_lease_expires_us(0);
  MoveDue(draft, stored, now_us + interval_ms * kMicrosPerMilli);
  return absl::OkStatus();
}

absl::Status AdvanceHubTime(Draft& draft, const std::string& hub, int64_t hub_time_us) {
  ASSIGN_OR_RETURN(v1::StoredHub stored, GetHub(draft, hub));
  if (hub_time_us <= stored.hub_time_us()) return absl::OkStatus();
  stored.set_hub_time_us(hub_time_us);
  PutHub(draft, hub, stored);
  return absl::OkStatus();
}

// The releases that a sweep missed are visited, or, where two misses are asked for and this is the
// first, marked. One that was seen since the sweep was compared with the store is left alone.
absl::StatusOr<uint64_t> VisitAbsent(Draft& draft, const v1::FinishWorkRequest& request,
                                     const v1::StoredWork& stored,
                                     const std::vector<Absent>& absent, int64_t now_us) {
  ASSIGN_OR_RETURN(const v1::StoredHub hub, GetHub(draft, stored.work().hub()));
  const int64_t since_us = PassStart(stored.work(), request);
  uint64_t visits = 0;
  for (const Absent& each : absent) {
    const absl::StatusOr<Seen> stored_seen = GetSeen(draft, each.key);
    if (!stored_seen.ok() && !absl::IsNotFound(stored_seen.status())) return stored_seen.status();
    Seen seen = stored_seen.value_or(Seen());
    if (since_us > 0 && seen.last_seen_us >= since_us) continue;
    if (hub.absent_twice() && !seen.was_missed) {
      seen.was_missed = true;
      draft.Put(Table::kSeen, ReleaseKeyBytes(each.key), SeenValue(seen));
      continue;
    }
    RETURN_IF_ERROR(ScheduleVisit(draft, each.key, each.name, now_us, now_us));
    ++visits;
  }
  return visits;
}

absl::StatusOr<v1::FinishWorkResponse> FinishDone(Draft& draft, v1::StoredWork& stored,
                                                  const v1::FinishWorkRequest& request,
                                                  const std::vector<Absent>& absent,
                                                  int64_t now_us) {
  v1::FinishWorkResponse response;
  if (stored.work().kind() == v1::VISIT) {
    RETURN_IF_ERROR(FinishVisit(draft, stored, now_us));
    return response;
  }
  if (stored.work().kind() == v1::HISTORY) {
    RETURN_IF_ERROR(FinishHistory(draft, stored, request.past()));
    return response;
  }
  if (stored.work().kind() == v1::SWEEP) {
    ASSIGN_OR_RETURN(const uint64_t visits, VisitAbsent(draft, request, stored, absent, now_us));
    response.set_absent(visits);
  }
  stored.set_finished_token(request.token());
  stored.set_finished_absent(response.absent());
  RETURN_IF_ERROR(FinishListing(draft, stored, request, now_us));
  return response;
}

// Keeps the lease; everything before the cursor is durable.
absl::Status GoOn(Draft& draft, v1::StoredWork& stored, const v1::FinishWorkRequest& request,
                  int64_t now_us) {
  if (stored.work().kind() == v1::SWEEP || stored.work().kind() == v1::KEEP_UP) {
    ASSIGN_OR_RETURN(v1::StoredHub hub, GetHub(draft, stored.work().hub()));
    NoteListing(request, stored, now_us, hub);
    PutHub(draft, stored.work().hub(), hub);
  }
  v1::Work& work = *stored.mutable_work();
  work.set_cursor(request.cursor());
  work.set_attempt(0);
  work.set_watermark_us(std::max(work.watermark_us(), request.watermark_us()));
  if (work.started_us() == 0) work.set_started_us(request.hub_time_us());
  work.set_lease_expires_us(now_us + LeaseMicros(request.lease_ms()));
  MoveDue(draft, stored, work.lease_expires_us());
  return absl::OkStatus();
}

// Failed work waits longer with every failure, and goes on from the stored cursor.
void PutBack(Draft& draft, v1::StoredWork& stored, const v1::FinishWorkRequest& request,
             int64_t now_us) {
  v1::Work& work = *stored.mutable_work();
  work.set_attempt(work.attempt() + 1);
  work.set_lease_expires_us(0);
  const absl::Duration delay =
      BackoffDelay(work.attempt(), absl::Milliseconds(request.retry_after_ms()), work.id());
  MoveDue(draft, stored, now_us + absl::ToInt64Microseconds(delay));
}

absl::StatusOr<v1::Work> LeaseOne(Draft& draft, const std::string& id,
                                  const v1::LeaseWorkRequest& request, int64_t now_us) {
  ASSIGN_OR_RETURN(v1::StoredWork stored, GetWork(draft, id));
  const uint64_t token = draft.state().last_token() + 1;
  draft.state().set_last_token(token);
  const int64_t expires_us = now_us + LeaseMicros(request.lease_ms());
  stored.set_worker(request.worker());
  stored.mutable_work()->set_token(token);
  stored.mutable_work()->set_lease_expires_us(expires_us);
  RemoveDue(draft, stored);
  if (stored.priority() == kPriorityNewHistory) stored.set_priority(kPriorityHistory);
  stored.mutable_work()->set_is_watched(stored.priority() == kPriorityWatched);
  stored.set_pass_rows(stored.work().cursor().empty() ? 0
                                                      : stored.pass_rows() + stored.lease_rows());
  stored.set_lease_rows(0);
  stored.set_due_us(expires_us);
  PutWork(draft, stored);
  return stored.work();
}

// As ScheduleVisit, in the class and with the root that `at` says.
absl::Status ScheduleAt(Draft& draft, const v1::ReleaseKey& key, const std::string& name,
                        const VisitAt& at, int64_t now_us) {
  const std::string id = VisitId(key);
  auto found = GetWork(draft, id);
  const bool is_new = absl::IsNotFound(found.status());
  if (!is_new && !found.ok()) return found.status();
  v1::StoredWork stored = is_new ? NewWork(id, v1::VISIT, key.hub(), at.due_us) : *std::move(found);
  *stored.mutable_work()->mutable_key() = key;
  stored.mutable_work()->set_name(name);
  if (at.root > 0) RETURN_IF_ERROR(SetRoot(draft, stored, at.root));
  if (is_new) {
    stored.set_priority(at.priority);
  } else if (IsLeased(stored, now_us)) {
    stored.set_again_us(Earlier(stored.again_us(), at.due_us));
  } else {
    RemoveDue(draft, stored);
    stored.set_priority(std::min(stored.priority(), at.priority));
    stored.set_due_us(std::min(stored.due_us(), at.due_us));
  }
  PutWork(draft, stored);
  return absl::OkStatus();
}

// Sees to it that the hub's canary is one that is there and is visited from now on.
absl::Status VisitCanary(Draft& draft, const std::string& hub_name, int64_t now_us) {
  ASSIGN_OR_RETURN(v1::StoredHub hub, GetHub(draft, hub_name));
  const auto canary = ChooseCanary(draft.store(), hub_name, hub);
  if (absl::IsNotFound(canary.status())) return absl::OkStatus();
  RETURN_IF_ERROR(canary.status());
  if (hub.canary() == canary->name) return absl::OkStatus();
  hub.set_canary(canary->name);
  hub.set_canary_since_us(now_us);
  PutHub(draft, hub_name, hub);
  return ScheduleAt(draft, canary->key, canary->name, {now_us, kPriorityWatched, 0}, now_us);
}

// Declares the watch list: what is on it is visited now, and from then on at its interval.
absl::Status Watch(Draft& draft, const std::string& name, const v1::StoredHub& hub,
                   int64_t now_us) {
  return ForEachWatched(
      draft, name, hub, [&](const v1::ReleaseKey& key, const std::string& release) {
        RETURN_IF_ERROR(AskForHistory(draft, key, 0, now_us));
        return ScheduleAt(draft, key, release, {now_us, kPriorityWatched, 0}, now_us);
      });
}

// The longest that a class may wait between two visits or listings.
int64_t LongestInterval(const v1::StoredHub& hub, uint32_t priority) {
  switch (priority) {
    case kPriorityWatched:
      return std::max(hub.watch_ms(), hub.canary_ms());
    case kPriorityKeepUp:
      return hub.keep_up_ms();
    case kPrioritySweep:
      return hub.sweep_ms();
    case kPriorityVisit:
      return kLongestVisitDays * kDayMs;
    default:
      return 0;
  }
}

// No sound schedule puts work of a class off for longer: its interval, a lease or a rest after
// failures, and a day more for what a hub asked for.
int64_t LatestDue(const v1::StoredHub& hub, uint32_t priority, int64_t now_us) {
  const int64_t longest_ms = std::max(LongestInterval(hub, priority), kMaxLeaseMs);
  return now_us + (longest_ms + kDayMs) * kMicrosPerMilli;
}

// How many units of a class this lease may take.
size_t RoomFor(const v1::LeaseWorkRequest& request, const v1::StoredHub& hub, uint32_t priority,
               const v1::LeaseWorkResponse& taken) {
  const size_t room = request.max() - static_cast<size_t>(taken.work_size());
  const bool is_listing = priority == kPriorityKeepUp || priority == kPrioritySweep;
  if (is_listing) return request.visits_only() ? 0 : room;
  if (priority < kPriorityHistory) return room;
  return std::min(room, RoomForHistory(request, hub, priority, taken));
}

}  // namespace

std::string KeepUpId(const std::string& hub) { return absl::StrCat(hub, "/keep-up"); }
std::string SweepId(const std::string& hub) { return absl::StrCat(hub, "/sweep"); }
std::string VisitId(const v1::ReleaseKey& key) {
  return absl::StrCat(key.hub(), "/visit/", key.id());
}

absl::StatusOr<v1::StoredHub> GetHub(const Draft& draft, const std::string& hub) {
  auto stored = GetRecord<v1::StoredHub>(draft, Table::kHub, hub);
  if (absl::IsNotFound(stored.status())) return v1::StoredHub();
  return stored;
}

void PutHub(Draft& draft, const std::string& hub, const v1::StoredHub& stored) {
  draft.Put(Table::kHub, hub, stored.SerializeAsString());
}

absl::StatusOr<v1::DeclareHubResponse> DeclareHub(Draft& draft,
                                                  const v1::DeclareHubRequest& request,
                                                  int64_t now_us) {
  RETURN_IF_ERROR(CheckDeclared(request));
  RETURN_IF_ERROR(CheckWatch(request));
  RETURN_IF_ERROR(CheckCanary(request));
  ASSIGN_OR_RETURN(v1::StoredHub hub, GetHub(draft, request.hub()));
  const bool is_same_watch = hub.watch_ms() == request.watch_ms() &&
                             std::equal(hub.watched().begin(), hub.watched().end(),
                                        request.watched().begin(), request.watched().end());
  hub.set_endpoint(request.endpoint());
  hub.set_label(request.label());
  hub.set_keep_up_ms(request.keep_up_ms());
  hub.set_sweep_ms(request.sweep_ms());
  *hub.mutable_watched() = request.watched();
  hub.set_watch_ms(request.watch_ms());
  hub.set_visits_per_day(request.visits_per_day());
  hub.set_histories_per_day(request.histories_per_day());
  hub.set_absent_twice(request.absent_twice());
  DeclareHealth(request, now_us, hub);
  PutHub(draft, request.hub(), hub);
  RETURN_IF_ERROR(VisitCanary(draft, request.hub(), now_us));
  if (!is_same_watch) RETURN_IF_ERROR(Watch(draft, request.hub(), hub, now_us));
  RETURN_IF_ERROR(DeclareListing(draft, request.hub(), v1::SWEEP, request.sweep_ms(), now_us));
  RETURN_IF_ERROR(DeclareListing(draft, request.hub(), v1::KEEP_UP, request.keep_up_ms(), now_us));
  return v1::DeclareHubResponse();
}

absl::StatusOr<v1::LeaseWorkResponse> LeaseWork(Draft& draft, const v1::LeaseWorkRequest& request,
                                                int64_t now_us) {
  if (request.max() < 1 || request.max() > kMaxLease) {
    return absl::InvalidArgumentError(
        absl::StrCat("lease work: max is ", request.max(), ", it must be 1 to ", kMaxLease));
  }
  ASSIGN_OR_RETURN(const v1::StoredHub hub, GetHub(draft, request.hub()));
  if (hub.keep_up_ms() == 0) {
    return absl::NotFoundError(
        absl::StrCat("lease work: the hub ", request.hub(), " was never declared"));
  }
  v1::LeaseWorkResponse response;
  int64_t next_us = 0;
  for (uint32_t priority = 0; priority < kPriorities; ++priority) {
    const size_t room = RoomFor(request, hub, priority, response);
    if (room == 0) continue;
    RETURN_IF_ERROR(
        PullForward(draft, request.hub(), priority, LatestDue(hub, priority, now_us), now_us));
    ASSIGN_OR_RETURN(DueClass due, ReadDue(draft.store(), request.hub(), priority, room, now_us));
    if (priority == kPriorityNewHistory) {
      RETURN_IF_ERROR(KeepToRate(draft, request.hub(), due, now_us));
    }
    for (const std::string& id : due.ids) {
      ASSIGN_OR_RETURN(*response.add_work(), LeaseOne(draft, id, request, now_us));
    }
    if (due.next_us != 0 && (next_us == 0 || due.next_us < next_us)) next_us = due.next_us;
  }
  for (const v1::Work& work : response.work()) {
    if (next_us == 0 || work.lease_expires_us() < next_us) next_us = work.lease_expires_us();
  }
  response.set_next_due_us(next_us);
  return response;
}

absl::StatusOr<v1::FinishWorkResponse> FinishWork(Draft& draft,
                                                  const v1::FinishWorkRequest& request,
                                                  const std::vector<Absent>& absent,
                                                  int64_t now_us) {
  auto found = GetWork(draft, request.id());
  // A visit that was reported DONE is gone, and there is nothing left to report on.
  if (absl::IsNotFound(found.status())) {
    if (request.token() == 0 || request.token() > draft.state().last_token()) {
      return absl::NotFoundError(absl::StrCat("finish ", request.id(), ": there is no such work"));
    }
    return v1::FinishWorkResponse();
  }
  if (!found.ok()) return found.status();
  v1::StoredWork& stored = *found;
  if (request.outcome() == v1::DONE && stored.finished_token() == request.token() &&
      request.token() != 0) {
    v1::FinishWorkResponse again;
    again.set_absent(stored.finished_absent());
    return again;
  }
  if (stored.work().token() != request.token() || stored.work().lease_expires_us() == 0) {
    return Stale(request.id());
  }
  if (request.outcome() == v1::DONE && stored.work().kind() == v1::HISTORY) {
    RETURN_IF_ERROR(CheckHistoryEnd(request));
  }
  RETURN_IF_ERROR(AdvanceHubTime(draft, stored.work().hub(), request.hub_time_us()));
  switch (request.outcome()) {
    case v1::DONE:
      return FinishDone(draft, stored, request, absent, now_us);
    case v1::PROGRESS:
      RETURN_IF_ERROR(GoOn(draft, stored, request, now_us));
      return v1::FinishWorkResponse();
    case v1::FAILED_WORK:
      PutBack(draft, stored, request, now_us);
      return v1::FinishWorkResponse();
    default:
      return absl::InvalidArgumentError(
          absl::StrCat("finish ", request.id(), ": the outcome is missing"));
  }
}

absl::Status ScheduleVisit(Draft& draft, const v1::ReleaseKey& key, const std::string& name,
                           int64_t due_us, int64_t now_us) {
  return ScheduleAt(draft, key, name, {due_us, kPriorityVisit, 0}, now_us);
}

absl::Status PlanVisits(Draft& draft, const v1::Observation& observation, int64_t now_us) {
  ASSIGN_OR_RETURN(const v1::StoredHub hub, GetHub(draft, observation.key().hub()));
  const bool stands_outside = StandsOutside(observation);
  const bool is_canary = IsCanary(hub, observation.name());
  if (hub.watched().empty() && !stands_outside && !is_canary) return absl::OkStatus();
  ASSIGN_OR_RETURN(const v1::StoredHead head, GetHead(draft, observation.key()));
  double root = 0;
  if (const auto work = GetWork(draft, VisitId(observation.key())); work.ok()) root = work->root();
  const auto next = NextVisit(hub, head, stands_outside, root, now_us);
  if (!next.has_value()) return absl::OkStatus();
  return ScheduleAt(draft, observation.key(), observation.name(), *next, now_us);
}

int64_t PassStart(const v1::Work& work, const v1::FinishWorkRequest& request) {
  return work.started_us() != 0 ? work.started_us() : request.hub_time_us();
}

absl::StatusOr<Swept> CompareSeen(const View& view, const std::string& hub, int64_t pass_start_us) {
  Swept swept;
  absl::Status status;
  const auto look = [&](std::string_view key, std::string_view value) -> absl::Status {
    ASSIGN_OR_RETURN(const Seen seen, ParseSeenValue(value));
    if (seen.last_seen_us >= pass_start_us) {
      ++swept.seen;
      return absl::OkStatus();
    }
    if (swept.absent.size() >= kMaxAbsent) return absl::OkStatus();
    ASSIGN_OR_RETURN(const v1::ReleaseKey release, ParseReleaseKey(key));
    const auto head = GetHead(view, release);
    if (absl::IsNotFound(head.status())) return absl::OkStatus();
    RETURN_IF_ERROR(head.status());
    if (head->presence() == v1::PRESENT) swept.absent.push_back({release, head->name()});
    return absl::OkStatus();
  };
  const std::string prefix = HubPrefix(hub);
  RETURN_IF_ERROR(view.Scan(Table::kSeen, prefix, PrefixEnd(prefix),
                            [&](std::string_view key, std::string_view value) {
                              status = look(key, value);
                              return status.ok();
                            }));
  RETURN_IF_ERROR(status);
  return swept;
}

}  // namespace modelwatch::indexer
