// SPDX-License-Identifier: Apache-2.0
#include "indexer/schedule/change_rate.h"

#include <algorithm>
#include <cmath>

namespace modelwatch::indexer {
namespace {

constexpr double kHalfLifeDays = 90;
// The root is bracketed to a factor of a few; every step halves that.
constexpr int kBisections = 45;

}  // namespace

RateEvidence WithoutChange(RateEvidence evidence, double days) {
  evidence.quiet_days += std::max(0.0, days);
  return evidence;
}

RateEvidence WithChange(RateEvidence evidence, double age_days) {
  evidence.changes += 1;
  evidence.quiet_days += std::max(0.0, age_days);  // a commit may be dated in the future
  return evidence;
}

RateEvidence Aged(RateEvidence evidence, double days) {
  const double left = std::exp2(-std::max(0.0, days) / kHalfLifeDays);
  return {evidence.changes * left, evidence.quiet_days * left};
}

double ChangeRate(const RateEvidence& evidence, const RatePrior& prior) {
  const double prior_days = prior.shape / prior.mean_per_day;
  return (prior.shape + evidence.changes) / (prior_days + evidence.quiet_days);
}

double ChangeRate(const IntervalEvidence& evidence, const RatePrior& prior) {
  const double base_days = prior.shape / prior.mean_per_day + evidence.unchanged_days;
  double changed_days = 0;
  for (const double days : evidence.changed_days) changed_days += days;
  const double events = prior.shape + static_cast<double>(evidence.changed_days.size());
  // Where the derivative of the log posterior is 0. It falls with the rate, and
  // 1 - x/2 <= x/(e^x - 1) <= 1 gives the bracket.
  double low = events / (base_days + changed_days / 2);
  double high = events / base_days;
  for (int i = 0; i < kBisections; ++i) {
    const double rate = (low + high) / 2;
    double slope = prior.shape / rate - base_days;
    for (const double days : evidence.changed_days) slope += days / std::expm1(rate * days);
    (slope > 0 ? low : high) = rate;
  }
  return (low + high) / 2;
}

}  // namespace modelwatch::indexer
