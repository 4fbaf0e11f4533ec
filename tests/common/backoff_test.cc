// SPDX-License-Identifier: Apache-2.0
#include "common/backoff.h"

#include <gtest/gtest.h>

namespace modelwatch::common {
namespace {

TEST(BackoffTest, DoublesUpToItsCap) {
  Backoff backoff(absl::Seconds(1), absl::Seconds(10), 0, 1);
  EXPECT_EQ(backoff.After(1), absl::Seconds(1));
  EXPECT_EQ(backoff.After(2), absl::Seconds(2));
  EXPECT_EQ(backoff.After(4), absl::Seconds(8));
  EXPECT_EQ(backoff.After(5), absl::Seconds(10));
  EXPECT_EQ(backoff.After(1'000'000'000), absl::Seconds(10));
}

TEST(BackoffTest, SpreadsItsWaits) {
  Backoff backoff(absl::Seconds(10), absl::Hours(1), 0.5, 7);
  absl::Duration least = absl::InfiniteDuration();
  absl::Duration most = absl::ZeroDuration();
  for (int i = 0; i < 1000; ++i) {
    const absl::Duration wait = backoff.After(1);
    least = std::min(least, wait);
    most = std::max(most, wait);
  }
  EXPECT_GE(least, absl::Seconds(5));
  EXPECT_LE(most, absl::Seconds(15));
  EXPECT_GT(most - least, absl::Seconds(8));
}

}  // namespace
}  // namespace modelwatch::common
