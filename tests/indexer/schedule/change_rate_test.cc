// SPDX-License-Identifier: Apache-2.0
#include "indexer/schedule/change_rate.h"

#include <gtest/gtest.h>

#include <cmath>

namespace modelwatch::indexer {
namespace {

TEST(ChangeRateTest, BelievesThePriorBeforeAnythingWasSeen) {
  EXPECT_DOUBLE_EQ(ChangeRate(RateEvidence()), RatePrior().mean_per_day);
  EXPECT_NEAR(ChangeRate(IntervalEvidence()), RatePrior().mean_per_day, 1e-12);
}

TEST(ChangeRateTest, CountsChangesOverTheDaysThatWereCertainlyQuiet) {
  RateEvidence evidence = WithoutChange(RateEvidence(), 30);
  evidence = WithChange(evidence, 10);
  const RatePrior prior = {.shape = 0.3, .mean_per_day = 0.01};
  EXPECT_DOUBLE_EQ(ChangeRate(evidence, prior), (0.3 + 1) / (30 + 30 + 10));
}

TEST(ChangeRateTest, TakesACommitFromTheFutureForAChangeJustNow) {
  EXPECT_DOUBLE_EQ(WithChange(RateEvidence(), -5).quiet_days, 0);
}

TEST(ChangeRateTest, HalvesEvidenceInNinetyDays) {
  const RateEvidence aged = Aged({4, 60}, 90);
  EXPECT_DOUBLE_EQ(aged.changes, 2);
  EXPECT_DOUBLE_EQ(aged.quiet_days, 30);
}

TEST(ChangeRateTest, FindsTheMostLikelyRateOfIntervalsAlone) {
  // Ten intervals of a day, half of them with a change: without a prior the rate is ln 2.
  IntervalEvidence evidence;
  evidence.unchanged_days = 5;
  evidence.changed_days.assign(5, 1.0);
  const RatePrior none = {.shape = 1e-9, .mean_per_day = 1};
  EXPECT_NEAR(ChangeRate(evidence, none), std::log(2.0), 1e-6);
}

TEST(ChangeRateTest, LearnsLessFromAChangedIntervalThanFromTheChangesOwnTime) {
  // A change that is known to be a day old leaves a day in which nothing else happened; one that is
  // only known to lie within 100 days may have been the last of many.
  IntervalEvidence coarse;
  coarse.changed_days = {100};
  EXPECT_GT(ChangeRate(WithChange(RateEvidence(), 1)), ChangeRate(coarse));
}

TEST(ChangeRateTest, StaysFiniteWhenEveryIntervalChanged) {
  IntervalEvidence evidence;
  evidence.changed_days.assign(1000, 1.0);
  const double rate = ChangeRate(evidence);
  EXPECT_GT(rate, 3);
  EXPECT_LT(rate, 1000);
}

}  // namespace
}  // namespace modelwatch::indexer
