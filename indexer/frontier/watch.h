// SPDX-License-Identifier: Apache-2.0
// Watch: which releases are visited again though nothing asked for it, and when.
//
// A listing shows nearly all that happens. Two kinds of release are visited beside it: those on the
// hub's watch list, always at its interval, and those whose terms stand at an address outside the
// hub, which no listing ever shows, by the square-root law within a budget.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "indexer/store/draft.h"
#include "modelwatch/v1/frontier.pb.h"
#include "modelwatch/v1/storage.pb.h"

namespace modelwatch::indexer {

inline constexpr int kMaxWatchPatterns = 1'000;
// Releases that one declaration puts on the visit list; what a pattern covers beyond it is watched
// from its next version on.
inline constexpr size_t kMaxWatchedAtOnce = 10'000;

// INVALID_ARGUMENT: too many patterns, one that begins with a wildcard (it would be looked up among
// all names), or an interval or a budget out of range.
[[nodiscard]] absl::Status CheckWatch(const v1::DeclareHubRequest& request);

[[nodiscard]] bool IsWatched(const v1::StoredHub& hub, std::string_view name);

// Whether the terms of a release stand where its hub does not see them change.
[[nodiscard]] bool StandsOutside(const v1::Observation& observation);

// When a release is visited next, and in which class of the due index. `root` is its part of the
// hub's sum of roots: 0 unless the square-root law decided.
struct VisitAt {
  int64_t due_us = 0;
  uint32_t priority = 0;
  double root = 0;
};

// Root of the square-root law for a release that changed as its head says, up to `hub_time_us`.
[[nodiscard]] double VisitRoot(const v1::StoredHead& head, int64_t hub_time_us);

// The next visit that nobody asked for; nothing when the release needs none. `root` is the part of
// the release in `hub.sum_of_roots` already. By the law never more often than once a day, for the
// sake of those whose pages are read, and at least every 60 days.
[[nodiscard]] std::optional<VisitAt> NextVisit(const v1::StoredHub& hub, const v1::StoredHead& head,
                                               bool stands_outside, double root, int64_t now_us);

// Calls `visit` for every release in the index that a pattern of `hub` covers, up to
// kMaxWatchedAtOnce. Effects: reads the names that begin as the patterns do.
[[nodiscard]] absl::Status ForEachWatched(
    const Draft& draft, const std::string& hub_name, const v1::StoredHub& hub,
    const std::function<absl::Status(const v1::ReleaseKey& key, const std::string& name)>& visit);

}  // namespace modelwatch::indexer
