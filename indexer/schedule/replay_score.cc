// SPDX-License-Identifier: Apache-2.0
#include "indexer/schedule/replay_score.h"

#include <algorithm>

namespace modelwatch::indexer {
namespace {

constexpr double kHoursPerDay = 24;
constexpr double kPercentile = 0.95;

}  // namespace

ReplayMeter::ReplayMeter(const Trace& trace, double warm_up_days)
    : trace_(trace), from_(warm_up_days), next_(trace.releases.size()) {}

void ReplayMeter::AddDelay(size_t release, double change_day, double seen_day) {
  if (change_day < from_) return;
  const double weight = trace_.releases[release].subject.weight;
  delays_.push_back(static_cast<float>(seen_day - change_day));
  weighted_delay_ += weight * (seen_day - change_day);
  delay_weight_ += weight;
  ++score_.changes;
}

ReplayMeter::Found ReplayMeter::Visit(size_t release, double day) {
  const TracedRelease& traced = trace_.releases[release];
  const std::vector<double>& changes = traced.change_days;
  Found found;
  const size_t first = next_[release];
  for (size_t& next = next_[release]; next < changes.size() && changes[next] <= day; ++next) {
    found.newest_day = changes[next];
    ++found.changes;
    AddDelay(release, changes[next], day);
  }
  if (found.changes > 0) {
    const double stale_until = std::min(day, trace_.days);
    stale_ += traced.subject.weight * std::max(0.0, stale_until - std::max(from_, changes[first]));
  }
  if (day >= from_ && day < trace_.days) {
    ++score_.visits;
    if (found.changes == 0) ++score_.wasted_visits;
  }
  return found;
}

void ReplayMeter::Poll(size_t requests, double day) {
  if (day >= from_ && day < trace_.days) score_.polls += requests;
}

bool ReplayMeter::HasUnseen(size_t release) const {
  return next_[release] < trace_.releases[release].change_days.size();
}

Score ReplayMeter::Finish() {
  double watched = 0;
  for (size_t i = 0; i < trace_.releases.size(); ++i) {
    const TracedRelease& release = trace_.releases[i];
    watched += release.subject.weight * (trace_.days - std::max(from_, release.born_day));
    if (!HasUnseen(i)) continue;
    const double first = release.change_days[next_[i]];
    stale_ += release.subject.weight * (trace_.days - std::max(from_, first));
    for (; HasUnseen(i); ++next_[i]) {
      const double change = release.change_days[next_[i]];
      AddDelay(i, change, trace_.days);
      if (change >= from_) ++score_.unseen;
    }
  }
  score_.freshness = 1 - stale_ / watched;
  score_.requests_per_day =
      static_cast<double>(score_.visits + score_.polls) / (trace_.days - from_);
  if (delays_.empty()) return score_;
  double sum = 0;
  for (const float delay : delays_) sum += static_cast<double>(delay);
  score_.mean_delay_hours = kHoursPerDay * sum / static_cast<double>(delays_.size());
  score_.weighted_delay_hours = kHoursPerDay * weighted_delay_ / delay_weight_;
  const auto at = static_cast<ptrdiff_t>(kPercentile * static_cast<double>(delays_.size() - 1));
  std::nth_element(delays_.begin(), delays_.begin() + at, delays_.end());
  score_.p95_delay_hours = kHoursPerDay * static_cast<double>(delays_[static_cast<size_t>(at)]);
  return score_;
}

}  // namespace modelwatch::indexer
