// SPDX-License-Identifier: Apache-2.0
#include "indexer/frontier/revisit.h"

#include <gtest/gtest.h>

namespace modelwatch::indexer {
namespace {

TEST(RevisitTest, PutsPollsBeforeVisitsBeforeSweeps) {
  EXPECT_LT(PriorityOf(v1::KEEP_UP), PriorityOf(v1::VISIT));
  EXPECT_LT(PriorityOf(v1::VISIT), PriorityOf(v1::SWEEP));
  EXPECT_LT(kPriorityWatched, PriorityOf(v1::KEEP_UP));
}

TEST(RevisitTest, BacksOffLongerWithEveryFailureUpToALimit) {
  for (uint32_t attempt = 1; attempt < 40; ++attempt) {
    const absl::Duration delay = BackoffDelay(attempt, absl::ZeroDuration(), "hub/sweep");
    const absl::Duration full =
        std::min(absl::Hours(6), absl::Seconds(30) * (1LL << std::min(attempt - 1, 16U)));
    EXPECT_LE(delay, full);
    EXPECT_GE(delay, full * 4 / 5);
  }
}

TEST(RevisitTest, NeverComesBackBeforeTheHubAllows) {
  EXPECT_EQ(BackoffDelay(1, absl::Hours(9), "hub/sweep"), absl::Hours(9));
}

TEST(RevisitTest, SpreadsWhatFailedTogether) {
  EXPECT_NE(BackoffDelay(5, absl::ZeroDuration(), "hub/visit/a"),
            BackoffDelay(5, absl::ZeroDuration(), "hub/visit/b"));
}

TEST(RevisitTest, AnswersTheSameForTheSameArguments) {
  EXPECT_EQ(FailedFileDelay(3, "hub/visit/a"), FailedFileDelay(3, "hub/visit/a"));
  EXPECT_LE(FailedFileDelay(255, "hub/visit/a"), absl::Hours(24));
}

}  // namespace
}  // namespace modelwatch::indexer
