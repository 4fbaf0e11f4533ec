// SPDX-License-Identifier: Apache-2.0
#include "evaluator/policy/policy.h"

#include <gtest/gtest.h>

namespace modelwatch::evaluator {
namespace {

constexpr int64_t kHourUs = 3600LL * 1'000'000;

struct World {
  v1::Version then_version, now_version;
  v1::Assessment then, now;

  World() {
    then.set_name("acme/model");
    then.set_version(10);
    then.set_licence("MIT");
    then.mutable_access()->set_presence(v1::PRESENT);
    then.mutable_access()->set_gate(v1::OPEN);
    now = then;
    now.set_version(20);
    now.set_observed_at_us(100 * kHourUs);
    now_version.mutable_observation()->set_revision("abc");
  }
  v1::Shift& Lose(v1::ShiftKind kind, std::initializer_list<const char*> scenarios) {
    v1::Shift& shift = *now.mutable_shift();
    shift.set_kind(kind);
    shift.set_direction(v1::TIGHTER);
    shift.set_from_version(10);
    shift.set_from_licence("MIT");
    shift.set_to_licence(kind == v1::SWAP ? "CC-BY-NC-4.0" : "MIT");
    for (const char* scenario : scenarios) shift.add_lost()->set_scenario(scenario);
    return shift;
  }
  Decision Decide(const Held* held = nullptr, v1::PolicyConfig config = {}) const {
    return Policy(config).Decide({&then_version, &then}, {&now_version, &now}, held);
  }
};

TEST(PolicyTest, TellsALicenceSwapAtOnce) {
  World world;
  world.Lose(v1::SWAP, {"com_tiny", "com_small", "com_mid", "com_large", "com_xl", "com_giant",
                        "eu_com_small", "uk_kr_com_small"});
  const Decision decision = world.Decide();
  ASSERT_EQ(decision.alerts.size(), 1u);
  EXPECT_FALSE(decision.hold.has_value());
  EXPECT_EQ(decision.alerts[0].severity(), v1::CRITICAL);
  EXPECT_EQ(decision.alerts[0].rule(), "swap-tighter");
  EXPECT_EQ(decision.alerts[0].title(),
            "acme/model: MIT -> CC-BY-NC-4.0: commercial use for companies of every size lost");
  EXPECT_EQ(decision.alerts[0].after().revision(), "abc");
  EXPECT_EQ(decision.alerts[0].before().version(), 10u);
}

TEST(PolicyTest, CallsASilentEditCritical) {
  World world;
  world.Lose(v1::EDIT, {"name_derivative_freely"});
  ASSERT_EQ(world.Decide().alerts.size(), 1u);
  EXPECT_EQ(world.Decide().alerts[0].rule(), "silent-edit");
}

TEST(PolicyTest, NeverTellsFirstSightNorAReassessmentNorAnUnverifiedRow) {
  World first;
  EXPECT_TRUE(first.Decide().alerts.empty());
  World again;
  again.Lose(v1::SWAP, {"com_tiny"});
  again.now.set_is_reassessment(true);
  EXPECT_TRUE(again.Decide().alerts.empty());
  World memory;
  memory.Lose(v1::SWAP, {"com_tiny"});
  memory.now.set_is_memory_only(true);
  EXPECT_TRUE(memory.Decide().alerts.empty());
}

TEST(PolicyTest, TellsALooseningOnlyWhenAsked) {
  World world;
  v1::Shift& shift = *world.now.mutable_shift();
  shift.set_direction(v1::LOOSER);
  shift.set_kind(v1::SWAP);
  shift.add_gained()->set_scenario("com_tiny");
  EXPECT_TRUE(world.Decide().alerts.empty());
  v1::PolicyConfig config;
  config.set_alert_on_looser(true);
  ASSERT_EQ(world.Decide(nullptr, config).alerts.size(), 1u);
  EXPECT_EQ(world.Decide(nullptr, config).alerts[0].severity(), v1::INFO);
}

TEST(PolicyTest, TellsNothingOfWhatIsUnclear) {
  World world;
  world.now.mutable_shift()->set_direction(v1::UNCLEAR);
  const Decision decision = world.Decide();
  EXPECT_TRUE(decision.alerts.empty());
  EXPECT_FALSE(decision.hold.has_value());
}

TEST(PolicyTest, LetsARemovalWait) {
  World world;
  world.Lose(v1::ACCESS, {"personal_use"});
  world.now.mutable_access()->set_presence(v1::REMOVED);
  const Decision decision = world.Decide();
  EXPECT_TRUE(decision.alerts.empty());
  ASSERT_TRUE(decision.hold.has_value());
  EXPECT_EQ(decision.hold->alert().rule(), "removed");
  EXPECT_EQ(decision.hold->due_at_us(), 112 * kHourUs);
  EXPECT_FALSE(Policy::IsDue(*decision.hold, 112 * kHourUs - 1));
  EXPECT_TRUE(Policy::IsDue(*decision.hold, 112 * kHourUs));
}

TEST(PolicyTest, DropsWhatWaitsWhenTheReleaseIsBackAsItWas) {
  World gone;
  gone.Lose(v1::ACCESS, {"personal_use"});
  gone.now.mutable_access()->set_presence(v1::REMOVED);
  const v1::PendingAlert pending = *gone.Decide().hold;
  World back;
  back.then = gone.now;
  back.now.mutable_shift()->set_direction(v1::LOOSER);
  back.now.mutable_shift()->set_kind(v1::ACCESS);
  Held held{&pending, {}};
  held.since_baseline.set_direction(v1::SAME);
  const Decision decision = back.Decide(&held);
  EXPECT_TRUE(decision.drop_held);
  EXPECT_TRUE(decision.alerts.empty());
}

TEST(PolicyTest, ReplacesWhatWaitsWhenAccessMovesOn) {
  World gone;
  gone.Lose(v1::ACCESS, {"personal_use"});
  gone.now.mutable_access()->set_presence(v1::REMOVED);
  const v1::PendingAlert pending = *gone.Decide().hold;
  World gated;
  gated.then = gone.now;
  gated.now.mutable_access()->set_gate(v1::MANUAL);
  gated.now.set_observed_at_us(103 * kHourUs);
  gated.now.mutable_shift()->set_direction(v1::LOOSER);
  gated.now.mutable_shift()->set_kind(v1::ACCESS);
  Held held{&pending, {}};
  held.since_baseline.set_direction(v1::TIGHTER);
  held.since_baseline.set_kind(v1::ACCESS);
  held.since_baseline.add_lost()->set_scenario("personal_use");
  const Decision decision = gated.Decide(&held);
  ASSERT_TRUE(decision.hold.has_value());
  EXPECT_EQ(decision.hold->alert().rule(), "gate-manual");
  EXPECT_EQ(decision.hold->alert().before().version(), 10u);
  EXPECT_EQ(decision.hold->due_at_us(), 115 * kHourUs);
  EXPECT_NE(decision.hold->alert().title().find("open -> gated (manual)"), std::string::npos);
}

TEST(PolicyTest, TellsATighteningAlsoWhileAnAlertWaits) {
  World gated;
  gated.Lose(v1::ACCESS, {"personal_use"});
  gated.now.mutable_access()->set_gate(v1::MANUAL);
  const v1::PendingAlert pending = *gated.Decide().hold;
  World swapped;
  swapped.now.mutable_access()->set_gate(v1::MANUAL);
  swapped.Lose(v1::SWAP, {"com_tiny"});
  Held held{&pending, swapped.now.shift()};
  const Decision decision = swapped.Decide(&held);
  EXPECT_EQ(decision.alerts.size(), 1u);
  EXPECT_FALSE(decision.drop_held);
  EXPECT_FALSE(decision.hold.has_value());
}

TEST(PolicyTest, GivesEveryRuleAReasonAndASource) {
  const Policy policy{v1::PolicyConfig()};
  for (const auto& rule : policy.rules().rule()) {
    EXPECT_FALSE(rule.reason().empty()) << rule.id();
    EXPECT_FALSE(rule.source().empty()) << rule.id();
  }
}

}  // namespace
}  // namespace modelwatch::evaluator
