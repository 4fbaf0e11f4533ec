// SPDX-License-Identifier: Apache-2.0
#include "indexer/schedule/replay.h"

#include <gtest/gtest.h>

#include "testing/status_matchers.h"

namespace modelwatch::indexer {
namespace {

using testing::StatusIs;

constexpr double kTolerance = 0.02;

Trace SyntheticTrace() {
  SyntheticHub hub;
  hub.releases = 20'000;
  hub.weight_exponent = 0.5;
  return MakePoissonTrace(hub).value();
}

ReplayOptions Budget(double requests_per_day) {
  ReplayOptions options;
  options.requests_per_day = requests_per_day;
  options.warm_up_days = 30;
  return options;
}

Score Scored(const Trace& trace, Policy policy, const ReplayOptions& options) {
  const auto score = Replay(trace, policy, options);
  EXPECT_OK(score);
  return score.value_or(Score());
}

// One release that changes at noon of every tenth day.
Trace TenDays() {
  Trace trace;
  trace.days = 100;
  trace.releases.resize(1);
  trace.releases[0].subject = {0.1, 1};
  for (int i = 0; i < 10; ++i) trace.releases[0].change_days.push_back(10 * i + 0.5);
  return trace;
}

TEST(ReplayTest, ReproducesTheClosedFormsWithinTwoPercent) {
  const Trace trace = SyntheticTrace();
  for (const Policy policy :
       {Policy::kUniform, Policy::kProportional, Policy::kFreshnessOptimal, Policy::kSquareRoot}) {
    const Score score = Scored(trace, policy, Budget(2'400));
    ASSERT_TRUE(score.expected_freshness.has_value());
    EXPECT_NEAR(score.freshness / *score.expected_freshness, 1, kTolerance) << Word(policy);
    EXPECT_NEAR(score.requests_per_day / 2'400, 1, kTolerance) << Word(policy);
    // Its delays rest on the few changes of what is hardly visited.
    if (policy == Policy::kFreshnessOptimal) continue;
    EXPECT_NEAR(score.mean_delay_hours / *score.expected_delay_hours, 1, kTolerance)
        << Word(policy);
    EXPECT_NEAR(score.weighted_delay_hours / *score.expected_weighted_delay_hours, 1, kTolerance)
        << Word(policy);
    EXPECT_EQ(score.unseen, 0U) << Word(policy);
  }
}

TEST(ReplayTest, RanksThePoliciesAsTheoryDoes) {
  const Trace trace = SyntheticTrace();
  const ReplayOptions budget = Budget(2'400);
  const Score uniform = Scored(trace, Policy::kUniform, budget);
  const Score fresh = Scored(trace, Policy::kFreshnessOptimal, budget);
  const Score root = Scored(trace, Policy::kSquareRoot, budget);
  const Score learned = Scored(trace, Policy::kSquareRootLearned, budget);
  const Score signals = Scored(trace, Policy::kSignals, budget);
  EXPECT_GT(fresh.freshness, root.freshness);
  EXPECT_GT(root.freshness, uniform.freshness);
  EXPECT_LT(root.weighted_delay_hours, learned.weighted_delay_hours);
  EXPECT_LT(learned.weighted_delay_hours, uniform.weighted_delay_hours);
  EXPECT_LT(signals.weighted_delay_hours, root.weighted_delay_hours / 4);
}

TEST(ReplayTest, HasNoExpectedDelayWhereSomethingIsGivenUp) {
  Trace trace = TenDays();
  trace.releases.resize(2, trace.releases[0]);
  trace.releases[1].subject.changes_per_day = 100;
  ReplayOptions options;
  options.requests_per_day = 0.5;
  const Score score = Scored(trace, Policy::kFreshnessOptimal, options);
  EXPECT_FALSE(score.expected_delay_hours.has_value());
  EXPECT_EQ(score.unseen, 10U);
}

TEST(ReplayTest, KeepsLearnedPoliciesWithinTheBudget) {
  const Trace trace = SyntheticTrace();
  const Score learned = Scored(trace, Policy::kSquareRootLearned, Budget(2'400));
  EXPECT_NEAR(learned.requests_per_day / 2'400, 1, 0.05);
  // A signal makes the residual visit needless, so some of the budget is left.
  const Score signals = Scored(trace, Policy::kSignals, Budget(2'400));
  EXPECT_LE(signals.requests_per_day, 2'400 * 1.02);
  EXPECT_GE(signals.requests_per_day, 2'400 * 0.8);
}

TEST(ReplayTest, LetsSignalsWaitWhenTheyAreMoreThanTheBudget) {
  SyntheticHub hub;
  hub.releases = 2'000;
  hub.classes = {{1, 1}};
  const Trace trace = MakePoissonTrace(hub).value();
  const Score score = Scored(trace, Policy::kSignals, Budget(1'000));
  EXPECT_LE(score.requests_per_day, 1'020);
  EXPECT_LT(score.unseen, score.changes / 20);
}

TEST(ReplayTest, WaitsHalfAPollForWhatTheListingShows) {
  ReplayOptions options = Budget(2'400);
  options.shown = 1;
  options.poll_interval = absl::Hours(1);
  const Score score = Scored(SyntheticTrace(), Policy::kSignals, options);
  EXPECT_LE(score.mean_delay_hours, 0.51);
  EXPECT_GT(score.mean_delay_hours, 0.3);  // residual visits come first now and then
  EXPECT_LE(score.p95_delay_hours, 1);
}

TEST(ReplayTest, FindsWhatTheListingHidesByResidualVisits) {
  ReplayOptions options = Budget(2'400);
  options.shown = 0;
  const Score score = Scored(SyntheticTrace(), Policy::kSignals, options);
  EXPECT_GT(score.freshness, 0.5);
  EXPECT_LT(score.unseen, score.changes / 5);
}

TEST(ReplayTest, CountsStaleTimeFromTheFirstChangeThatIsNotSeen) {
  ReplayOptions options;
  options.requests_per_day = 24;
  const Score score = Scored(TenDays(), Policy::kUniform, options);
  EXPECT_EQ(score.changes, 10U);
  EXPECT_NEAR(static_cast<double>(score.visits), 2'400, 1);
  EXPECT_EQ(score.visits - score.wasted_visits, 10U);
  EXPECT_LE(score.mean_delay_hours, 1);
  EXPECT_NEAR(score.freshness, 1 - score.mean_delay_hours * 10 / 2'400, 1e-6);
}

TEST(ReplayTest, AsksOfAReleaseNothingBeforeItIsBorn) {
  Trace trace = TenDays();
  trace.releases[0].born_day = 50;
  trace.releases[0].change_days = {60, 70};
  ReplayOptions options;
  options.requests_per_day = 1;
  const Score score = Scored(trace, Policy::kSquareRootLearned, options);
  EXPECT_EQ(score.changes, 2U);
  EXPECT_LE(score.visits, 50U);
}

TEST(ReplayTest, AsksForAsManyPagesAsAreNew) {
  Trace trace = TenDays();
  trace.releases.resize(25, trace.releases[0]);
  ReplayOptions options;
  options.requests_per_day = 24;
  options.shown = 1;
  options.rows_per_page = 10;
  options.poll_interval = absl::Hours(24);
  const Score score = Scored(trace, Policy::kSignals, options);
  EXPECT_EQ(score.polls, 90U - 1U + 10U * 3U);  // the poll at the very end is after the trace
}

TEST(ReplayTest, AnswersTheSameForTheSameSeed) {
  const Trace trace = SyntheticTrace();
  for (const Policy policy : kPolicies) {
    const Score one = Scored(trace, policy, Budget(1'000));
    const Score again = Scored(trace, policy, Budget(1'000));
    EXPECT_EQ(one.visits, again.visits) << Word(policy);
    EXPECT_EQ(one.mean_delay_hours, again.mean_delay_hours) << Word(policy);
  }
}

TEST(ReplayTest, KnowsPoliciesByTheirWords) {
  for (const Policy policy : kPolicies) EXPECT_EQ(ParsePolicy(Word(policy)), policy);
  EXPECT_EQ(ParsePolicy("guess"), std::nullopt);
}

TEST(ReplayTest, RefusesOptionsOutOfRange) {
  ReplayOptions options = Budget(10);
  options.warm_up_days = 100;
  EXPECT_THAT(Replay(TenDays(), Policy::kUniform, options),
              StatusIs(absl::StatusCode::kInvalidArgument));
  options = Budget(1e12);
  EXPECT_THAT(Replay(TenDays(), Policy::kUniform, options),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Replay(Trace(), Policy::kUniform, Budget(10)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace modelwatch::indexer
