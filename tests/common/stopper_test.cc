// SPDX-License-Identifier: Apache-2.0
#include "common/stopper.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace modelwatch::common {
namespace {

TEST(StopperTest, RunsUntilItIsStopped) {
  Stopper stopper;
  EXPECT_FALSE(stopper.stopped());
  EXPECT_FALSE(stopper.WaitFor(absl::ZeroDuration()));
  stopper.Stop();
  EXPECT_TRUE(stopper.stopped());
}

TEST(StopperTest, DoesNotWaitOnceItIsStopped) {
  Stopper stopper;
  stopper.Stop();
  EXPECT_TRUE(stopper.WaitFor(absl::InfiniteDuration()));
}

TEST(StopperTest, StoppingTwiceIsStoppingOnce) {
  Stopper stopper;
  stopper.Stop();
  stopper.Stop();
  EXPECT_TRUE(stopper.stopped());
}

TEST(StopperTest, WakesEveryoneWhoWaits) {
  Stopper stopper;
  std::vector<char> woke(4, 0);
  std::vector<std::thread> waiters;
  for (char& flag : woke) {
    waiters.emplace_back([&stopper, &flag] { flag = stopper.WaitFor(absl::Hours(1)) ? 1 : 0; });
  }
  stopper.Stop();
  for (std::thread& waiter : waiters) waiter.join();
  EXPECT_EQ(woke, std::vector<char>(4, 1));
}

}  // namespace
}  // namespace modelwatch::common
