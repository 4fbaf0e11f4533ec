// SPDX-License-Identifier: Apache-2.0
// How a budget of visits is shared among releases, and what that gives in theory. Pure.
//
// Notation of the formulas: D changes a day, w weight, f visits a day, R = sum of f.
#pragma once

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace modelwatch::indexer {

enum class Law {
  kUniform,           // f = R/N
  kProportional,      // f ~ D
  kFreshnessOptimal,  // most of the weight up to date; what changes too fast is given up (f = 0)
  kSquareRoot,        // f ~ sqrt(wD): least weighted delay until a change is seen
};
[[nodiscard]] std::string_view Word(Law law);

struct Subject {
  double changes_per_day = 0;
  double weight = 1;
};

// Visits a day of each subject; they add up to `visits_per_day`. Freshness-optimal solves the
// conditions of Karush, Kuhn and Tucker for periodic visits (Cho and Garcia-Molina 2003):
// (w/D) g(D/f) = price, g(x) = 1 - (1+x) e^-x, and f = 0 where even g = 1 is too little.
// INVALID_ARGUMENT: no subjects, a rate or weight that is not above 0, or no budget.
[[nodiscard]] absl::StatusOr<std::vector<double>> VisitsPerDay(Law law,
                                                               const std::vector<Subject>& subjects,
                                                               double visits_per_day);

// Weighted share of time in which what is known is up to date, under periodic visits:
// F = (f/D)(1 - e^(-D/f)).
[[nodiscard]] double ExpectedFreshness(const std::vector<Subject>& subjects,
                                       const std::vector<double>& visits_per_day);

// Days from a change to the visit that sees it, averaged over changes: half an interval. Infinite
// when a subject is never visited. `weighted`: each change counts with its subject's weight.
[[nodiscard]] double ExpectedDelayDays(const std::vector<Subject>& subjects,
                                       const std::vector<double>& visits_per_day, bool weighted);

// The square-root law one release at a time, for a due index: the interval that gives the release
// its share when the sum over all releases of sqrt(wD) is `sum_of_roots`.
[[nodiscard]] double Root(const Subject& subject);
[[nodiscard]] absl::Duration SquareRootInterval(double root, double sum_of_roots,
                                                double visits_per_day);

}  // namespace modelwatch::indexer
