// SPDX-License-Identifier: Apache-2.0
#include "indexer/schedule/trace.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "absl/strings/str_format.h"
#include "indexer/schedule/dice.h"

namespace modelwatch::indexer {
namespace {

absl::Status Check(const SyntheticHub& hub) {
  bool is_sound = hub.releases > 0 && hub.days > 0 && !hub.classes.empty() && hub.spread >= 0;
  double expected = 0;
  double shares = 0;
  for (const RateClass& each : hub.classes) {
    is_sound = is_sound && each.share > 0 && each.changes_per_day > 0;
    shares += each.share;
    expected += each.share * each.changes_per_day;
  }
  if (!is_sound) {
    return absl::InvalidArgumentError(
        "make a trace: releases, days, shares and rates must be above 0");
  }
  const double mean_of_spread = std::exp(hub.spread * hub.spread / 2);
  expected *= mean_of_spread / shares * static_cast<double>(hub.releases) * hub.days;
  if (!(expected <= kMaxTraceChanges)) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "make a trace: %.3g changes are to be expected, at most %.0g are kept in memory", expected,
        kMaxTraceChanges));
  }
  return absl::OkStatus();
}

// Weights by rank: the rank follows the rate a little, and chance for the rest.
std::vector<double> ZipfWeights(const std::vector<double>& rates, double exponent, Dice& dice) {
  constexpr double kCorrelation = 0.3;
  constexpr double kRest = 0.954;  // sqrt(1 - 0.3^2)
  std::vector<double> scores;
  scores.reserve(rates.size());
  for (const double rate : rates) {
    scores.push_back(kCorrelation * std::log(rate) + kRest * dice.Normal());
  }
  std::vector<size_t> order(rates.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [&scores](size_t a, size_t b) { return scores[a] > scores[b]; });
  std::vector<double> weights(rates.size());
  for (size_t rank = 0; rank < order.size(); ++rank) {
    weights[order[rank]] = std::pow(static_cast<double>(rank + 1), -exponent);
  }
  return weights;
}

std::vector<double> Rates(const SyntheticHub& hub, Dice& dice) {
  double shares = 0;
  for (const RateClass& each : hub.classes) shares += each.share;
  std::vector<double> rates;
  rates.reserve(hub.releases);
  double upto = 0;
  for (const RateClass& each : hub.classes) {
    upto += each.share / shares;
    const auto end = static_cast<size_t>(std::lround(upto * static_cast<double>(hub.releases)));
    while (rates.size() < std::min(end, hub.releases)) {
      rates.push_back(each.changes_per_day * std::exp(hub.spread * dice.Normal()));
    }
  }
  return rates;
}

}  // namespace

double Trace::changes_per_day() const {
  size_t changes = 0;
  for (const TracedRelease& release : releases) changes += release.change_days.size();
  return static_cast<double>(changes) / days;
}

absl::StatusOr<Trace> MakePoissonTrace(const SyntheticHub& hub) {
  if (absl::Status status = Check(hub); !status.ok()) return status;
  Dice dice(hub.seed);
  const std::vector<double> rates = Rates(hub, dice);
  const std::vector<double> weights = ZipfWeights(rates, hub.weight_exponent, dice);
  Trace trace;
  trace.days = hub.days;
  trace.releases.resize(rates.size());
  for (size_t i = 0; i < rates.size(); ++i) {
    TracedRelease& release = trace.releases[i];
    release.subject = {rates[i], weights[i]};
    for (double day = dice.Exponential(rates[i]); day < hub.days;
         day += dice.Exponential(rates[i])) {
      release.change_days.push_back(day);
    }
  }
  return trace;
}

}  // namespace modelwatch::indexer
