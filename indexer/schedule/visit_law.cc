// SPDX-License-Identifier: Apache-2.0
#include "indexer/schedule/visit_law.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"
#include "common/status_macros.h"

namespace modelwatch::indexer {
namespace {

constexpr double kHoursPerDay = 24;

absl::Status Check(const std::vector<Subject>& subjects, double visits_per_day) {
  if (subjects.empty() || !(visits_per_day > 0)) {
    return absl::InvalidArgumentError("share visits: there are no releases, or no budget");
  }
  for (const Subject& subject : subjects) {
    const double product = subject.changes_per_day * subject.weight;
    if (!(subject.changes_per_day > 0) || !(subject.weight > 0) || !std::isfinite(product)) {
      return absl::InvalidArgumentError(absl::StrFormat(
          "share visits: a release with %g changes a day and weight %g; both must be above 0",
          subject.changes_per_day, subject.weight));
    }
  }
  return absl::OkStatus();
}

double Sum(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

// The x >= 0 with 1 - (1+x) e^-x = y, for 0 < y < 1. Newton from a start on the side from which it
// cannot overshoot twice: below 1 the curve is convex, above it concave.
double InverseGain(double y) {
  constexpr double kAtOne = 0.26424111765711533;
  constexpr double kSmall =
      1e-8;  // below it the difference loses its digits, and the series is exact
  if (y < kSmall) return std::sqrt(2 * y) + 2 * y / 3;
  double x = y < kAtOne ? std::sqrt(2 * y) : std::max(1.0, -std::log1p(-y));
  for (int i = 0; i < 30; ++i) {
    const double tail = std::exp(-x);
    const double step = (1 - (1 + x) * tail - y) / (x * tail);
    x -= step;
    if (std::abs(step) < 1e-12 * x) break;
  }
  return x;
}

// The visits at which one more is worth `price`; none where it never is.
double VisitsAtPrice(const Subject& subject, double price) {
  const double gain = price * subject.changes_per_day / subject.weight;
  return gain >= 1 ? 0 : subject.changes_per_day / InverseGain(gain);
}

std::vector<double> FreshnessOptimal(const std::vector<Subject>& subjects, double budget) {
  double most = 0;
  for (const Subject& each : subjects) most = std::max(most, each.weight / each.changes_per_day);
  // In logarithms: prices differ by many orders of magnitude.
  double low = std::log(most) - 60;
  double high = std::log(most);
  std::vector<double> visits(subjects.size());
  const auto share = [&](double log_price) {
    const double price = std::exp(log_price);
    std::transform(subjects.begin(), subjects.end(), visits.begin(),
                   [price](const Subject& each) { return VisitsAtPrice(each, price); });
    return Sum(visits);
  };
  while (high - low > 1e-9) {
    const double middle = (low + high) / 2;
    (share(middle) > budget ? low : high) = middle;
  }
  const double given = share(high);
  if (given > 0) {
    for (double& each : visits) each *= budget / given;
  }
  return visits;
}

std::vector<double> InProportion(std::vector<double> parts, double budget) {
  const double scale = budget / Sum(parts);
  for (double& part : parts) part *= scale;
  return parts;
}

}  // namespace

std::string_view Word(Law law) {
  switch (law) {
    case Law::kUniform:
      return "uniform";
    case Law::kProportional:
      return "proportional";
    case Law::kFreshnessOptimal:
      return "freshness-optimal";
    default:
      return "square-root";
  }
}

absl::StatusOr<std::vector<double>> VisitsPerDay(Law law, const std::vector<Subject>& subjects,
                                                 double visits_per_day) {
  RETURN_IF_ERROR(Check(subjects, visits_per_day));
  if (law == Law::kFreshnessOptimal) return FreshnessOptimal(subjects, visits_per_day);
  std::vector<double> parts;
  parts.reserve(subjects.size());
  for (const Subject& each : subjects) {
    parts.push_back(law == Law::kUniform        ? 1
                    : law == Law::kProportional ? each.changes_per_day
                                                : Root(each));
  }
  return InProportion(std::move(parts), visits_per_day);
}

double ExpectedFreshness(const std::vector<Subject>& subjects,
                         const std::vector<double>& visits_per_day) {
  double fresh = 0;
  double weights = 0;
  for (size_t i = 0; i < subjects.size(); ++i) {
    weights += subjects[i].weight;
    if (visits_per_day[i] <= 0) continue;
    const double x = subjects[i].changes_per_day / visits_per_day[i];
    fresh += subjects[i].weight * -std::expm1(-x) / x;
  }
  return fresh / weights;
}

double ExpectedDelayDays(const std::vector<Subject>& subjects,
                         const std::vector<double>& visits_per_day, bool weighted) {
  double delay = 0;
  double changes = 0;
  for (size_t i = 0; i < subjects.size(); ++i) {
    const double each = subjects[i].changes_per_day * (weighted ? subjects[i].weight : 1);
    changes += each;
    delay += each / (2 * visits_per_day[i]);
  }
  return delay / changes;
}

double Root(const Subject& subject) { return std::sqrt(subject.weight * subject.changes_per_day); }

absl::Duration SquareRootInterval(double root, double sum_of_roots, double visits_per_day) {
  return absl::Hours(kHoursPerDay) * (sum_of_roots / (visits_per_day * root));
}

}  // namespace modelwatch::indexer
