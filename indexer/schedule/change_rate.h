// SPDX-License-Identifier: Apache-2.0
// How often a release changes, from what its visits found. Pure.
//
// Changes are taken as a Poisson process of unknown rate with a Gamma prior: without a prior a
// release that has not changed yet would never be visited again (measured: 71 h mean delay without,
// 46 h with one).
#pragma once

#include <cstddef>
#include <vector>

namespace modelwatch::indexer {

// What is believed before anything was seen: `shape` pseudo-changes at `mean_per_day`. A small
// shape gives way after the first few visits. `mean_per_day` must be above 0.
struct RatePrior {
  double shape = 0.3;
  double mean_per_day = 1.0 / 60;
};

// What is known when the hub tells the time of the last change: the visits that found one, and the
// days during which there was certainly none. Exact: the likelihood is rate^changes *
// exp(-rate * quiet_days).
struct RateEvidence {
  double changes = 0;
  double quiet_days = 0;
};

// A visit `days` after the one before that found no change.
[[nodiscard]] RateEvidence WithoutChange(RateEvidence evidence, double days);
// A visit that found a change, the newest of them `age_days` ago.
[[nodiscard]] RateEvidence WithChange(RateEvidence evidence, double age_days);
// What old evidence is worth later: half after 90 days, because publishers move on.
[[nodiscard]] RateEvidence Aged(RateEvidence evidence, double days);

// Changes a day: the mean of the posterior. Always above 0.
[[nodiscard]] double ChangeRate(const RateEvidence& evidence, const RatePrior& prior = {});

// The same when a visit tells only whether the content differs (an ETag, a digest).
struct IntervalEvidence {
  double unchanged_days = 0;         // sum of the intervals that ended without a change
  std::vector<double> changed_days;  // each interval that ended with one, above 0
};

// Changes a day: the most likely rate. Always above 0.
[[nodiscard]] double ChangeRate(const IntervalEvidence& evidence, const RatePrior& prior = {});

}  // namespace modelwatch::indexer
