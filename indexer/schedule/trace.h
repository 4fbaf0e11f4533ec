// SPDX-License-Identifier: Apache-2.0
// Trace: when the releases of a hub changed, for trying policies on. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "indexer/schedule/visit_law.h"

namespace modelwatch::indexer {

struct TracedRelease {
  Subject subject;                  // the true rate, or the one found with hindsight
  double born_day = 0;              // nothing of it can be seen before
  std::vector<double> change_days;  // ascending, in [born_day, Trace::days)
};

struct Trace {
  std::vector<TracedRelease> releases;
  double days = 0;

  [[nodiscard]] double changes_per_day() const;  // of all releases, as counted
};

// A made-up hub: Poisson changes, rates log-normal around each class's, weights Zipf, weakly
// correlated with rates.
struct RateClass {
  double share = 1;            // of the releases; the shares are scaled to 1
  double changes_per_day = 0;  // median
};
struct SyntheticHub {
  size_t releases = 20'000;
  double days = 150;
  // What a hub looks like: most releases are never touched again, some are daily work.
  std::vector<RateClass> classes = {{0.70, 1.0 / 365}, {0.25, 1.0 / 60}, {0.05, 0.5}};
  double spread = 0.5;         // standard deviation of ln(rate) within a class
  double weight_exponent = 0;  // Zipf: weight = rank^-exponent; 0 = all alike
  uint64_t seed = 1;
};
// The same arguments give the same trace. INVALID_ARGUMENT: nothing to make, a rate that is not
// above 0, or more than kMaxTraceChanges changes to be expected.
inline constexpr double kMaxTraceChanges = 5e7;
[[nodiscard]] absl::StatusOr<Trace> MakePoissonTrace(const SyntheticHub& hub);

}  // namespace modelwatch::indexer
