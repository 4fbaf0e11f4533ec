// SPDX-License-Identifier: Apache-2.0
#include "evaluator/policy_replay.h"

#include <gmock/gmock.h>

#include "evaluator/policy/rules.h"
#include "evaluator/small_world.h"

namespace modelwatch::evaluator {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class PolicyReplayTest : public SmallWorld {
 protected:
  void SetUp() override {
    Put({{.name = "a/swapped"}, {.name = "a/gated"}, {.name = "a/gone"}, {.name = "a/back"}});
    Put({{.name = "a/swapped", .hour = 1, .tag = "cc-by-nc-4.0"},
         {.name = "a/gated", .hour = 1, .gate = v1::MANUAL},
         {.name = "a/gone", .hour = 1, .presence = v1::REMOVED},
         {.name = "a/back", .hour = 1, .presence = v1::REMOVED},
         {.name = "a/back", .hour = 2}});
    for (int day = 0; day < 4; ++day) {
      Put({{.name = "a/flaps", .hour = 10 * day},
           {.name = "a/flaps", .hour = 10 * day + 1, .gate = v1::AUTO}});
    }
    Put({{.name = "a/flaps", .hour = 42}, {.name = "a/other", .hour = 200}});
    Evaluate();
  }
  std::vector<std::string> Replay(const std::string& rules) {
    std::vector<std::string> told;
    const auto table = ParseRules(rules, "test");
    EXPECT_OK(table);
    EXPECT_OK(ReplayPolicy(
        index_, Policy(v1::PolicyConfig(), *table), stopper_,
        [&](const v1::Alert& alert) { told.push_back(alert.name() + " " + alert.rule()); }));
    return told;
  }
};

TEST_F(PolicyReplayTest, TellsUnderTheSameRulesWhatWasTold) {
  std::vector<std::string> told;
  for (const v1::Alert& alert : Alerts()) told.push_back(alert.name() + " " + alert.rule());
  EXPECT_THAT(told, SizeIs(4));
  EXPECT_THAT(Replay("then_builtin: true"), ::testing::UnorderedElementsAreArray(told));
}

TEST_F(PolicyReplayTest, SaysWhatOtherRulesWouldHaveToldAndTellsNothing) {
  const size_t before = index_.Entries().size();
  EXPECT_THAT(Replay("rule { id: \"mine\" event: \"E1\" severity: INFO kind: SWAP }"),
              ElementsAre("a/swapped mine"));
  EXPECT_THAT(Replay("rule { id: \"no-swaps\" is_muted: true kind: SWAP }\n"
                     "rule { id: \"at-once\" event: \"E7\" severity: INFO access: \"removed\" }"),
              ElementsAre("a/gone at-once", "a/back at-once"));
  EXPECT_EQ(index_.Entries().size(), before);
}

}  // namespace
}  // namespace modelwatch::evaluator
