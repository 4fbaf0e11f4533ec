// SPDX-License-Identifier: Apache-2.0
#include "evaluator/access_past.h"

#include <gtest/gtest.h>

namespace modelwatch::evaluator {
namespace {

v1::Access Of(v1::Presence presence, v1::Gate gate, bool is_private = false) {
  v1::Access access;
  access.set_presence(presence);
  access.set_gate(gate);
  access.set_is_private(is_private);
  return access;
}

TEST(AccessPastTest, ALossIsAStepAwayFromReach) {
  const v1::Access open = Of(v1::PRESENT, v1::OPEN), automatic = Of(v1::PRESENT, v1::AUTO),
                   manual = Of(v1::PRESENT, v1::MANUAL), gone = Of(v1::REMOVED, v1::OPEN);
  EXPECT_TRUE(IsAccessLost(open, automatic));
  EXPECT_TRUE(IsAccessLost(automatic, manual));
  EXPECT_TRUE(IsAccessLost(manual, gone));
  EXPECT_TRUE(IsAccessLost(open, Of(v1::PRESENT, v1::OPEN, true)));
  EXPECT_FALSE(IsAccessLost(gone, manual));
  EXPECT_FALSE(IsAccessLost(manual, open));
  EXPECT_FALSE(IsAccessLost(gone, Of(v1::DISABLED, v1::OPEN)));
}

TEST(AccessPastTest, CountsLossesSinceAMomentNewestFirst) {
  v1::GetHistoryResponse history;
  for (const auto& [gate, at] :
       {std::pair{v1::AUTO, 5}, {v1::OPEN, 4}, {v1::AUTO, 3}, {v1::OPEN, 2}, {v1::AUTO, 1}}) {
    v1::Observation& seen = *history.add_rows()->mutable_version()->mutable_observation();
    *seen.mutable_access() = Of(v1::PRESENT, gate);
    seen.set_observed_at_us(at);
  }
  EXPECT_EQ(CountAccessLosses(history, 0), 2u);  // what was before the oldest is not known
  EXPECT_EQ(CountAccessLosses(history, 4), 1u);
  EXPECT_EQ(CountAccessLosses(history, 6), 0u);
  EXPECT_FALSE(IsFlappingTold(history, 0));
  history.add_alerts()->set_observed_at_us(3);
  EXPECT_FALSE(IsFlappingTold(history, 0));
  history.mutable_alerts(0)->set_times(3);
  EXPECT_TRUE(IsFlappingTold(history, 3));
  EXPECT_FALSE(IsFlappingTold(history, 4));
}

}  // namespace
}  // namespace modelwatch::evaluator
