// SPDX-License-Identifier: Apache-2.0
#include "cli/run_group.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "testing/status_matchers.h"

namespace modelwatch::cli {
namespace {

using ::modelwatch::testing::StatusIs;

absl::Status WaitForStop(common::Stopper& stopper) {
  return stopper.WaitFor(absl::Seconds(30)) ? absl::OkStatus()
                                            : absl::DeadlineExceededError("was never stopped");
}

TEST(RunGroupTest, EndsWhenEveryLoopHasReturned) {
  RunGroup group;
  group.Add("a", [] { return absl::OkStatus(); });
  group.Add("b", [] { return absl::OkStatus(); });
  EXPECT_OK(group.Run());
}

TEST(RunGroupTest, ALoopThatFailsStopsTheOthersAndItsErrorIsReturned) {
  RunGroup group;
  group.Add("waits", [&group] { return WaitForStop(group.stopper()); });
  group.Add("fails", [] { return absl::UnavailableError("disk full"); });
  EXPECT_THAT(group.Run(), StatusIs(absl::StatusCode::kUnavailable, "disk full"));
}

TEST(RunGroupTest, ASignalStopsEveryLoop) {
  RunGroup group;
  group.Add("waits", [&group] { return WaitForStop(group.stopper()); });
  group.Add("signals", [] {
    kill(getpid(), SIGTERM);
    return absl::OkStatus();
  });
  EXPECT_OK(group.Run());
}

}  // namespace
}  // namespace modelwatch::cli
