// SPDX-License-Identifier: Apache-2.0
// Revisit: when to look again, and what goes first. Pure: the same arguments give the same answer.
#pragma once

#include <cstdint>
#include <string_view>

#include "absl/time/time.h"
#include "modelwatch/v1/frontier.pb.h"

namespace modelwatch::indexer {

// Classes of the due index, first to last. 0 is kept free for visits of releases on a watch list,
// which go before everything else.
inline constexpr uint32_t kPriorityWatched = 0;
inline constexpr uint32_t kPriorityKeepUp = 1;
inline constexpr uint32_t kPriorityVisit = 2;
inline constexpr uint32_t kPrioritySweep = 3;
// The past of releases: what was begun or is watched; then what nobody began, in the order of
// downloads, at a rate.
inline constexpr uint32_t kPriorityHistory = 4;
inline constexpr uint32_t kPriorityNewHistory = 5;
inline constexpr uint32_t kPriorities = 6;
// "watched", "keep_up", ... for people.
[[nodiscard]] std::string_view PriorityWord(uint32_t priority);

// KEEP_UP before VISIT: one poll covers a thousand releases, a visit one. SWEEP after these: it is
// long, and nothing in it is known to be news. HISTORY last: it is no news at all.
[[nodiscard]] uint32_t PriorityOf(v1::WorkKind kind);

// How long failed work waits: 30 s doubled with every failure in a row, at most 6 h, less up to a
// fifth by jitter so that what failed together does not return together. Never less than
// `retry_after`, which the hub asked for. `attempt` counts from 1; `work_id` seeds the jitter.
[[nodiscard]] absl::Duration BackoffDelay(uint32_t attempt, absl::Duration retry_after,
                                          std::string_view work_id);

// How long nobody asks a hub that refused (429) without saying until when: 60 s doubled with every
// such refusal in a row up to 24 h, and a tenth more or less by jitter. `strikes` counts from 1.
[[nodiscard]] absl::Duration StrikeDelay(uint32_t strikes, std::string_view seed);

// How long until a release with FAILED files is visited: 15 min doubled with every such observation
// in a row, at most a day. The crawler has retried within its transfer already.
[[nodiscard]] absl::Duration FailedFileDelay(uint32_t failures, std::string_view work_id);

// The law visits every release at least this often, and nothing rests longer.
inline constexpr int64_t kLongestVisitDays = 60;

// After this many observations in a row with FAILED files the release is stored as it is, so that
// one file a hub never serves cannot hide a release, or its next change, for ever.
inline constexpr uint8_t kFailuresTaken = 4;

}  // namespace modelwatch::indexer
