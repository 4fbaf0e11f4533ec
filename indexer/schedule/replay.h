// SPDX-License-Identifier: Apache-2.0
// Replay: what a policy of visits would have seen of a trace, and when. Pure: the same arguments
// give the same score.
//
// A score counts from `warm_up_days` to the end of the trace. Periodic policies know every rate
// (hindsight): what theory says of them can be compared with what comes out. Learned ones start
// from the prior and know only what their visits found, with the code the frontier runs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "indexer/schedule/change_rate.h"
#include "indexer/schedule/trace.h"
#include "indexer/schedule/visit_law.h"

namespace modelwatch::indexer {

enum class Policy {
  kUniform,
  kProportional,
  kFreshnessOptimal,
  kSquareRoot,
  kSquareRootLearned,  // the square-root law on estimated rates
  kSignals,            // listing polls, visits of what they show, learned residual visits
};
inline constexpr Policy kPolicies[] = {Policy::kUniform,           Policy::kProportional,
                                       Policy::kFreshnessOptimal,  Policy::kSquareRoot,
                                       Policy::kSquareRootLearned, Policy::kSignals};
[[nodiscard]] std::string_view Word(Policy policy);
// Nothing for a word that names no policy.
[[nodiscard]] std::optional<Policy> ParsePolicy(std::string_view word);

struct ReplayOptions {
  double requests_per_day = 0;  // for visits and polls together; above 0
  double warm_up_days = 0;      // in [0, days of the trace)
  RatePrior prior;              // of learned policies
  // Of kSignals: a poll asks for as many pages as are new, at least one.
  absl::Duration poll_interval = absl::Minutes(5);
  double shown = 0.95;  // part of changes that the listing shows, 0..1
  double rows_per_page = 1000;
  uint64_t seed = 1;
};

struct Score {
  double freshness = 0;  // weighted share of time in which what is known is up to date
  // From a change to the request that sees it. A change that nobody saw by the end counts up to the
  // end, so with any of those these are lower bounds.
  double mean_delay_hours = 0;
  double weighted_delay_hours = 0;  // each change by its release's weight
  double p95_delay_hours = 0;
  uint64_t changes = 0;
  uint64_t unseen = 0;  // not seen by the end
  uint64_t visits = 0;
  uint64_t wasted_visits = 0;  // found nothing new
  uint64_t polls = 0;          // requests of listing pages
  double requests_per_day = 0;
  // In theory, for periodic policies; nothing where a formula does not apply.
  std::optional<double> expected_freshness;
  std::optional<double> expected_delay_hours;
  std::optional<double> expected_weighted_delay_hours;
};

// INVALID_ARGUMENT: an empty trace, or an option out of its range.
[[nodiscard]] absl::StatusOr<Score> Replay(const Trace& trace, Policy policy,
                                           const ReplayOptions& options);

}  // namespace modelwatch::indexer
