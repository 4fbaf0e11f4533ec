// SPDX-License-Identifier: Apache-2.0
// Frontier: what is due, who works on it, and what a finished lease leads to.
//
// A unit of work stands in table "work"; one entry in "due" says when it is next to be handed out.
// Leasing moves that entry to the end of the lease, so a lease that nobody finishes is due again by
// itself, also after a restart. Every lease has a fencing token from one counter that never
// repeats; a report under an older token is ABORTED, so two workers cannot both move one unit.
//
// The functions read and write through a Draft and run on the committer thread alone. Times are
// `now_us`, our clock.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "indexer/frontier/watch.h"
#include "indexer/store/draft.h"
#include "modelwatch/v1/frontier.pb.h"

namespace modelwatch::indexer {

inline constexpr uint32_t kMaxLease = 64;

[[nodiscard]] std::string KeepUpId(const std::string& hub);
[[nodiscard]] std::string SweepId(const std::string& hub);
[[nodiscard]] std::string VisitId(const v1::ReleaseKey& key);

// See the service's comments in proto/modelwatch/v1/frontier.proto. A shorter interval brings work
// that waits forward, and so does a new watch list. Reads names in the store, so `draft` must hold
// no new ones.
[[nodiscard]] absl::StatusOr<v1::DeclareHubResponse> DeclareHub(
    Draft& draft, const v1::DeclareHubRequest& request, int64_t now_us);

// Looks for due work in the store, so `draft` must hold no other frontier changes. Work that a
// wrong clock put off beyond what its class may wait is due at the next call.
[[nodiscard]] absl::StatusOr<v1::LeaseWorkResponse> LeaseWork(Draft& draft,
                                                              const v1::LeaseWorkRequest& request,
                                                              int64_t now_us);

// A release that a finished sweep should have seen.
struct Absent {
  v1::ReleaseKey key;
  std::string name;
};

// `absent` are the releases that CompareSeen found, for a DONE sweep. They are visited; where the
// hub asks for two misses in a row, only those that the sweep before missed too, and the others are
// marked.
[[nodiscard]] absl::StatusOr<v1::FinishWorkResponse> FinishWork(
    Draft& draft, const v1::FinishWorkRequest& request, const std::vector<Absent>& absent,
    int64_t now_us);

// Makes sure that the release is visited at `due_us` or earlier. While it is being visited, it is
// visited once more afterwards.
[[nodiscard]] absl::Status ScheduleVisit(Draft& draft, const v1::ReleaseKey& key,
                                         const std::string& name, int64_t due_us, int64_t now_us);

// After a version of `observation` was stored and its head is in the draft: visits that nobody
// asked for, see watch.h. Idempotent.
[[nodiscard]] absl::Status PlanVisits(Draft& draft, const v1::Observation& observation,
                                      int64_t now_us);

// What a sweep that began at `pass_start_us` (hub time) saw of `hub`, and what it missed: releases
// that are PRESENT but were last seen before. Of those at most kMaxAbsent, in key order: a sweep
// that broke must not put a whole hub on the visit list; the next sweep finds the rest. Reads a
// whole hub's rows of "seen" once (4.2 s for 3 million), so it runs on a snapshot beside the
// committer.
struct Swept {
  uint64_t seen = 0;  // at `pass_start_us` or later
  std::vector<Absent> absent;
};
inline constexpr size_t kMaxAbsent = 10'000;
// Hub time at which a sweep that is reported DONE began.
[[nodiscard]] int64_t PassStart(const v1::Work& work, const v1::FinishWorkRequest& request);
[[nodiscard]] absl::StatusOr<Swept> CompareSeen(const View& view, const std::string& hub,
                                                int64_t pass_start_us);

// The hub's record; all zero for one that was never heard of.
[[nodiscard]] absl::StatusOr<v1::StoredHub> GetHub(const Draft& draft, const std::string& hub);
void PutHub(Draft& draft, const std::string& hub, const v1::StoredHub& stored);

}  // namespace modelwatch::indexer
