// SPDX-License-Identifier: Apache-2.0
#include "indexer/schedule/trace.h"

#include <gtest/gtest.h>

#include "testing/status_matchers.h"

namespace modelwatch::indexer {
namespace {

using testing::StatusIs;

TEST(TraceTest, MakesAsManyChangesAsTheRatesSay) {
  SyntheticHub hub;
  hub.releases = 5'000;
  hub.days = 100;
  hub.classes = {{1, 0.2}};
  hub.spread = 0;
  ASSERT_OK_AND_ASSIGN(const Trace trace, MakePoissonTrace(hub));
  EXPECT_NEAR(trace.changes_per_day(), 1'000, 20);
  EXPECT_DOUBLE_EQ(trace.releases[0].subject.changes_per_day, 0.2);
}

TEST(TraceTest, IsTheSameForTheSameSeed) {
  SyntheticHub hub;
  hub.releases = 200;
  ASSERT_OK_AND_ASSIGN(const Trace one, MakePoissonTrace(hub));
  ASSERT_OK_AND_ASSIGN(const Trace again, MakePoissonTrace(hub));
  hub.seed = 2;
  ASSERT_OK_AND_ASSIGN(const Trace other, MakePoissonTrace(hub));
  EXPECT_EQ(one.releases[7].change_days, again.releases[7].change_days);
  EXPECT_NE(one.releases[7].subject.changes_per_day, other.releases[7].subject.changes_per_day);
}

TEST(TraceTest, WeighsByRank) {
  SyntheticHub hub;
  hub.releases = 1'000;
  hub.weight_exponent = 1;
  ASSERT_OK_AND_ASSIGN(const Trace trace, MakePoissonTrace(hub));
  double sum = 0;
  double most = 0;
  for (const TracedRelease& release : trace.releases) {
    sum += release.subject.weight;
    most = std::max(most, release.subject.weight);
  }
  EXPECT_DOUBLE_EQ(most, 1);
  EXPECT_NEAR(sum, 7.485, 0.001);  // the 1,000th harmonic number
}

TEST(TraceTest, RefusesMoreThanMemoryHolds) {
  SyntheticHub hub;
  hub.classes = {{1, 1e9}};
  EXPECT_THAT(MakePoissonTrace(hub), StatusIs(absl::StatusCode::kInvalidArgument));
  hub.classes = {{1, -1}};
  EXPECT_THAT(MakePoissonTrace(hub), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace modelwatch::indexer
