// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/hub_clock.h"

#include <gtest/gtest.h>

#include "testing/fake_clock.h"
#include "testing/status_matchers.h"

namespace modelwatch::replay_hub {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kStart = 1'700'000'000 * kSecond;

class HubClockTest : public ::testing::Test {
 protected:
  HubClockTest() {
    Release release;
    release.name = "acme/one";
    Commit commit;
    commit.date_us = kStart;
    release.commits = {commit};
    id_ = *world_.Add(release);
    world_.SetStart(kStart);
    for (const int64_t at : {10, 20, 30}) {
      world_.At(kStart + at * kSecond, SetCounts{id_, static_cast<uint64_t>(at), 0, 0});
    }
  }
  uint64_t downloads() const { return world_.FindById(id_)->release.downloads; }

  World world_;
  std::string id_;
  testing::FakeClock machine_;
};

TEST_F(HubClockTest, StandsStillByHandUntilItIsMoved) {
  HubClock clock(world_, machine_, *ParseClockMode("manual"));
  machine_.Advance(absl::Hours(9));
  clock.OnSweepStart();
  clock.OnSweepStart();
  EXPECT_EQ(clock.Now(), kStart);
  clock.AdvanceTo(kStart + 20 * kSecond);
  EXPECT_EQ(clock.Now(), kStart + 20 * kSecond);
  EXPECT_EQ(downloads(), 20u);
  clock.AdvanceTo(kStart);
  EXPECT_EQ(clock.Now(), kStart + 20 * kSecond);
}

TEST_F(HubClockTest, PassesToTheNextMomentWithEachSweepSaveTheFirst) {
  HubClock clock(world_, machine_, *ParseClockMode("pass"));
  clock.OnSweepStart();
  EXPECT_EQ(clock.Now(), kStart);
  clock.OnSweepStart();
  EXPECT_EQ(clock.Now(), kStart + 10 * kSecond);
  EXPECT_EQ(downloads(), 10u);
  clock.OnSweepStart();
  EXPECT_EQ(downloads(), 20u);
  EXPECT_EQ(clock.sweeps_since_end(), 0);
  clock.OnSweepStart();
  EXPECT_EQ(downloads(), 30u);
  EXPECT_EQ(clock.sweeps_since_end(), 1);
}

TEST_F(HubClockTest, MovesAtLeastTheGapInOnePass) {
  ClockMode mode = *ParseClockMode("pass");
  mode.min_gap = absl::Seconds(25);
  HubClock clock(world_, machine_, mode);
  clock.OnSweepStart();
  clock.OnSweepStart();
  EXPECT_EQ(clock.Now(), kStart + 25 * kSecond);
  EXPECT_EQ(downloads(), 20u);
}

TEST_F(HubClockTest, GoesOnInStepsWhenNothingIsLeftToHappen) {
  ClockMode mode = *ParseClockMode("pass");
  mode.idle_step = absl::Hours(2);
  HubClock clock(world_, machine_, mode);
  for (int i = 0; i < 5; ++i) clock.OnSweepStart();
  EXPECT_EQ(clock.Now(), kStart + 30 * kSecond + 7200 * kSecond);
  EXPECT_EQ(clock.sweeps_since_end(), 2);
}

TEST_F(HubClockTest, RunsAtItsFactor) {
  HubClock clock(world_, machine_, *ParseClockMode("scaled:5"));
  machine_.Advance(absl::Seconds(3));
  EXPECT_EQ(clock.Now(), kStart + 15 * kSecond);
  EXPECT_EQ(downloads(), 10u);
  EXPECT_EQ(clock.TakeApplied().size(), 1u);
  EXPECT_TRUE(clock.TakeApplied().empty());
}

TEST_F(HubClockTest, IsTheMachinesClockWhenReal) {
  HubClock clock(world_, machine_, *ParseClockMode("real"));
  EXPECT_EQ(clock.Now(), common::ToMicros(machine_.Now()));
}

TEST(ClockModeTest, RefusesOtherWords) {
  using ::modelwatch::testing::StatusIs;
  for (const char* text : {"", "fast", "scaled:", "scaled:-1", "scaled:x"}) {
    EXPECT_THAT(ParseClockMode(text), StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
}

}  // namespace
}  // namespace modelwatch::replay_hub
