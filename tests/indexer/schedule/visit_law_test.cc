// SPDX-License-Identifier: Apache-2.0
#include "indexer/schedule/visit_law.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "testing/status_matchers.h"

namespace modelwatch::indexer {
namespace {

using testing::StatusIs;

constexpr Law kLaws[] = {Law::kUniform, Law::kProportional, Law::kFreshnessOptimal,
                         Law::kSquareRoot};
// Five decades of rates, weights that do not follow them.
const std::vector<Subject> kSubjects = {{0.001, 3}, {0.01, 1}, {0.1, 5}, {1, 0.2}, {10, 1}};

// What one more visit a day of a subject adds to its freshness.
double Gain(const Subject& subject, double visits) {
  const double x = subject.changes_per_day / visits;
  return subject.weight / subject.changes_per_day * (1 - (1 + x) * std::exp(-x));
}

TEST(VisitLawTest, SpendsTheWholeBudget) {
  for (const Law law : kLaws) {
    for (const double budget : {0.01, 1.0, 300.0}) {
      ASSERT_OK_AND_ASSIGN(const auto visits, VisitsPerDay(law, kSubjects, budget));
      EXPECT_NEAR(std::accumulate(visits.begin(), visits.end(), 0.0), budget, 1e-6 * budget)
          << Word(law);
    }
  }
}

TEST(VisitLawTest, GivesEveryVisitedSubjectTheSameMarginalFreshness) {
  ASSERT_OK_AND_ASSIGN(const auto visits, VisitsPerDay(Law::kFreshnessOptimal, kSubjects, 1));
  const double price = Gain(kSubjects[0], visits[0]);
  for (size_t i = 0; i < kSubjects.size(); ++i) {
    if (visits[i] > 0) {
      EXPECT_NEAR(Gain(kSubjects[i], visits[i]), price, 1e-5 * price) << i;
    } else {
      EXPECT_LE(kSubjects[i].weight / kSubjects[i].changes_per_day, price * (1 + 1e-6)) << i;
    }
  }
}

TEST(VisitLawTest, GivesUpWhatChangesTooFastToBeFresh) {
  ASSERT_OK_AND_ASSIGN(const auto visits, VisitsPerDay(Law::kFreshnessOptimal, kSubjects, 1));
  EXPECT_EQ(visits.back(), 0);
}

TEST(VisitLawTest, NoOtherLawIsFresherThanTheOptimum) {
  ASSERT_OK_AND_ASSIGN(const auto best, VisitsPerDay(Law::kFreshnessOptimal, kSubjects, 2));
  for (const Law law : kLaws) {
    ASSERT_OK_AND_ASSIGN(const auto visits, VisitsPerDay(law, kSubjects, 2));
    EXPECT_LE(ExpectedFreshness(kSubjects, visits), ExpectedFreshness(kSubjects, best) + 1e-12);
  }
}

TEST(VisitLawTest, NoOtherLawWaitsLessThanTheSquareRoot) {
  ASSERT_OK_AND_ASSIGN(const auto best, VisitsPerDay(Law::kSquareRoot, kSubjects, 2));
  for (const Law law : kLaws) {
    ASSERT_OK_AND_ASSIGN(const auto visits, VisitsPerDay(law, kSubjects, 2));
    EXPECT_GE(ExpectedDelayDays(kSubjects, visits, true),
              ExpectedDelayDays(kSubjects, best, true) - 1e-12);
  }
}

TEST(VisitLawTest, ReachesTheClosedFormOfTheSquareRootLaw) {
  // The least weighted delay is (sum of roots)^2 / (2 R sum of wD).
  ASSERT_OK_AND_ASSIGN(const auto visits, VisitsPerDay(Law::kSquareRoot, kSubjects, 2));
  double roots = 0;
  double changes = 0;
  for (const Subject& each : kSubjects) {
    roots += Root(each);
    changes += each.weight * each.changes_per_day;
  }
  EXPECT_NEAR(ExpectedDelayDays(kSubjects, visits, true), roots * roots / (4 * changes), 1e-12);
}

TEST(VisitLawTest, OneReleaseAtATimeGivesTheSameIntervals) {
  ASSERT_OK_AND_ASSIGN(const auto visits, VisitsPerDay(Law::kSquareRoot, kSubjects, 2));
  double roots = 0;
  for (const Subject& each : kSubjects) roots += Root(each);
  for (size_t i = 0; i < kSubjects.size(); ++i) {
    const absl::Duration interval = SquareRootInterval(Root(kSubjects[i]), roots, 2);
    EXPECT_NEAR(absl::FDivDuration(interval, absl::Hours(24)), 1 / visits[i], 1e-6 / visits[i]);
  }
}

TEST(VisitLawTest, HoldsForRatesFarApart) {
  const std::vector<Subject> far = {{1e-9, 1}, {1e9, 1e-9}, {1e-9, 1e9}};
  for (const Law law : kLaws) {
    ASSERT_OK_AND_ASSIGN(const auto visits, VisitsPerDay(law, far, 1));
    for (const double each : visits) EXPECT_TRUE(std::isfinite(each) && each >= 0) << Word(law);
  }
}

TEST(VisitLawTest, RefusesWhatCannotBeShared) {
  EXPECT_THAT(VisitsPerDay(Law::kUniform, {}, 1), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(VisitsPerDay(Law::kUniform, {{0, 1}}, 1),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(VisitsPerDay(Law::kUniform, kSubjects, 0),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace modelwatch::indexer
