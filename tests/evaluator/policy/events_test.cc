// SPDX-License-Identifier: Apache-2.0
// Events of an assessment as alerts, and what a user's rules make of shifts.
#include <gtest/gtest.h>

#include "evaluator/policy/policy.h"
#include "evaluator/policy/rules.h"
#include "testing/status_matchers.h"

namespace modelwatch::evaluator {
namespace {

constexpr int64_t kHourUs = 3600LL * 1'000'000;

struct World {
  v1::Assessment then, now;

  World() {
    then.set_name("acme/model");
    then.set_version(10);
    then.mutable_access()->set_presence(v1::PRESENT);
    then.mutable_access()->set_gate(v1::OPEN);
    now = then;
    now.set_version(20);
    now.set_observed_at_us(100 * kHourUs);
    now.mutable_shift()->set_direction(v1::SAME);
  }
  v1::Event& Happen(const char* id) {
    v1::Event& event = *now.add_events();
    event.set_id(id);
    event.set_text("something happened");
    return event;
  }
  void Lose(v1::ShiftKind kind, const char* scenario) {
    now.mutable_shift()->set_kind(kind);
    now.mutable_shift()->set_direction(v1::TIGHTER);
    now.mutable_shift()->add_lost()->set_scenario(scenario);
  }
  [[nodiscard]] Decision Decide(const Policy& policy = Policy(v1::PolicyConfig())) const {
    return policy.Decide({nullptr, &then}, {nullptr, &now}, nullptr);
  }
  [[nodiscard]] std::vector<v1::Alert> AtFirstSight() const {
    return Policy(v1::PolicyConfig()).DecideEvents({nullptr, &now});
  }
};

Policy With(const std::string& rules) {
  auto parsed = ParseRules(rules, "test");
  EXPECT_OK(parsed);
  return Policy(v1::PolicyConfig(), *std::move(parsed));
}

struct Row {
  const char* event;
  bool takes_a_use;
  const char* clause;
  const char* rule;
  v1::Severity severity;
};

class EventTable : public ::testing::TestWithParam<Row> {};

TEST_P(EventTable, IsToldAsTheTableSays) {
  World world;
  v1::Event& event = world.Happen(GetParam().event);
  if (GetParam().takes_a_use) event.add_scenarios("military_use");
  event.add_because()->set_clause(GetParam().clause);
  const Decision decision = world.Decide();
  const bool is_held = decision.hold.has_value();
  EXPECT_EQ(is_held, std::string(GetParam().event) == "E8");
  ASSERT_EQ(decision.alerts.size(), is_held ? 0u : 1u);
  const v1::Alert& alert = is_held ? decision.hold->alert() : decision.alerts[0];
  EXPECT_EQ(alert.rule(), GetParam().rule);
  EXPECT_EQ(alert.severity(), GetParam().severity);
  EXPECT_EQ(alert.event(), GetParam().event);
  EXPECT_EQ(alert.cause().id(), GetParam().event);
  EXPECT_EQ(alert.title(), "acme/model: something happened");
  EXPECT_EQ(alert.shift().to_version(), 20u);
}

INSTANTIATE_TEST_SUITE_P(
    EventsTest, EventTable,
    ::testing::Values(Row{"E5", false, "", "use-policy", v1::WARNING},
                      Row{"E5", true, "", "use-policy-bans", v1::CRITICAL},
                      Row{"E8", false, "", "licence-withdrawn", v1::WARNING},
                      Row{"E9", true, "", "declared-looser", v1::WARNING},
                      Row{"E9", true, "claim.open_source", "open-washing", v1::CRITICAL},
                      Row{"E10", true, "", "looser-than-base-aside", v1::NOTICE},
                      Row{"E11", true, "", "base-tightened", v1::NOTICE},
                      Row{"E12", true, "", "family-tighter", v1::WARNING},
                      Row{"E13", false, "", "link-dead", v1::NOTICE}));

TEST(EventsTest, SaysOfAPredecessorOnlyThatItWasBetter) {
  World world;
  world.Happen("E12").add_scenarios("com_tiny");
  v1::Outcome& outcome = *world.now.mutable_terms()->add_outcomes();
  outcome.set_scenario("com_tiny");
  outcome.mutable_interval()->set_low(2);
  outcome.mutable_interval()->set_high(3);
  const auto alerts = world.AtFirstSight();
  ASSERT_EQ(alerts.size(), 1u);
  ASSERT_EQ(alerts[0].shift().lost_size(), 1);
  EXPECT_EQ(alerts[0].shift().lost(0).from().low(), 0u);
  EXPECT_EQ(alerts[0].shift().lost(0).from().high(), 1u);
  EXPECT_EQ(alerts[0].shift().lost(0).to().low(), 2u);
}

TEST(EventsTest, NobodyLosesByADerivativeThatDeclaresLess) {
  World world;
  world.Happen("E10").add_scenarios("com_tiny");
  ASSERT_EQ(world.Decide().alerts.size(), 1u);
  EXPECT_EQ(world.Decide().alerts[0].shift().lost_size(), 0);
  EXPECT_EQ(world.Decide().alerts[0].severity(), v1::WARNING);
}

TEST(EventsTest, ALastingOneIsToldOnce) {
  World world;
  world.Happen("E9");
  *world.then.mutable_events() = world.now.events();
  EXPECT_TRUE(world.Decide().alerts.empty());
  World other;
  other.Happen("E10").set_other_name("base/a");
  *other.then.mutable_events() = other.now.events();
  other.now.mutable_events(0)->set_other_name("base/b");
  EXPECT_EQ(other.Decide().alerts.size(), 1u);
}

TEST(EventsTest, AUsePolicyMayChangeTwice) {
  World world;
  world.Happen("E5");
  *world.then.mutable_events() = world.now.events();
  EXPECT_EQ(world.Decide().alerts.size(), 1u);
}

TEST(EventsTest, AWithdrawnLicenceWaitsAndIsForgottenWhenItIsStatedAgain) {
  World gone;
  gone.Happen("E8");
  const v1::PendingAlert pending = *gone.Decide().hold;
  EXPECT_EQ(pending.due_at_us(), 112 * kHourUs);
  const auto decide = [&](const World& world) {
    const Held held{&pending, {}};
    return Policy(v1::PolicyConfig()).Decide({nullptr, &world.then}, {nullptr, &world.now}, &held);
  };
  World still;
  EXPECT_FALSE(decide(still).drop_held);
  EXPECT_FALSE(decide(still).hold.has_value());
  World back;
  back.now.set_licence("MIT");
  EXPECT_TRUE(decide(back).drop_held);
  EXPECT_TRUE(decide(back).alerts.empty());
}

TEST(EventsTest, ALossOfAccessPushesAWaitingEventOut) {
  World gone;
  gone.Happen("E8");
  const v1::PendingAlert pending = *gone.Decide().hold;
  World removed;
  removed.Lose(v1::ACCESS, "personal_use");
  removed.now.mutable_access()->set_presence(v1::REMOVED);
  const Held held{&pending, {}};
  const Decision decision =
      Policy(v1::PolicyConfig()).Decide({nullptr, &removed.then}, {nullptr, &removed.now}, &held);
  ASSERT_EQ(decision.alerts.size(), 1u);
  EXPECT_EQ(decision.alerts[0].rule(), "licence-withdrawn");
  ASSERT_TRUE(decision.hold.has_value());
  EXPECT_EQ(decision.hold->alert().rule(), "removed");
}

TEST(EventsTest, AtFirstSightOnlyTheFamilysRegressionIsNews) {
  for (const char* id : {"E5", "E8", "E9", "E10", "E11", "E13"}) {
    World world;
    world.Happen(id);
    EXPECT_TRUE(world.AtFirstSight().empty()) << id;
  }
  World world;
  world.Happen("E12");
  EXPECT_EQ(world.AtFirstSight().size(), 1u);
}

TEST(EventsTest, AReassessmentAndAnUnverifiedRowTellNone) {
  World again;
  again.Happen("E12");
  again.now.set_is_reassessment(true);
  EXPECT_TRUE(again.Decide().alerts.empty());
  EXPECT_TRUE(again.AtFirstSight().empty());
  World memory;
  memory.Happen("E9");
  memory.now.set_is_memory_only(true);
  EXPECT_TRUE(memory.Decide().alerts.empty());
}

TEST(EventsTest, OneChangeIsOneAlert) {
  World world;
  world.Lose(v1::EDIT, "com_tiny");
  world.Happen("E5");
  world.Happen("E9");
  const Decision decision = world.Decide();
  ASSERT_EQ(decision.alerts.size(), 1u);
  EXPECT_EQ(decision.alerts[0].rule(), "silent-edit");
  EXPECT_EQ(decision.alerts[0].event(), "E2");
  world.Happen("E11");
  EXPECT_EQ(world.Decide().alerts.size(), 2u);  // those who build on it are others
}

TEST(EventsTest, TheUsersRulesChooseSeverityAndReleases) {
  World world;
  world.Lose(v1::SWAP, "com_tiny");
  const std::string rules =
      "watch_list { name: \"shipped\" release: \"acme/*\" }\n"
      "rule { id: \"ours\" event: \"E1\" severity: CRITICAL watch_list: \"shipped\" }\n";
  ASSERT_EQ(world.Decide(With(rules)).alerts.size(), 1u);
  EXPECT_EQ(world.Decide(With(rules)).alerts[0].rule(), "ours");
  world.now.set_name("other/model");
  EXPECT_TRUE(world.Decide(With(rules)).alerts.empty());
}

TEST(EventsTest, AMutedReleaseIsSilentWhateverTheLaterRulesSay) {
  World world;
  world.Lose(v1::SWAP, "com_tiny");
  world.Happen("E11");
  const Policy policy = With(
      "rule { id: \"quiet\" is_muted: true release: \"acme\" }\n"
      "rule { id: \"quiet-events\" is_muted: true release: \"acme\" cause: \"E11\" }\n"
      "then_builtin: true");
  EXPECT_TRUE(world.Decide(policy).alerts.empty());
  world.now.set_name("other/model");
  EXPECT_EQ(world.Decide(policy).alerts.size(), 2u);
}

TEST(EventsTest, ARuleOfOnesOwnForLooseningsNeedsNoOtherSwitch) {
  World world;
  world.now.mutable_shift()->set_direction(v1::LOOSER);
  world.now.mutable_shift()->set_kind(v1::SWAP);
  world.now.mutable_shift()->add_gained()->set_scenario("com_tiny");
  const Policy policy =
      With("rule { id: \"better\" event: \"E14\" severity: INFO direction: LOOSER }");
  EXPECT_EQ(world.Decide(policy).alerts.size(), 1u);
  EXPECT_TRUE(world.Decide(With("then_builtin: true")).alerts.empty());
}

TEST(EventsTest, AReleaseThatComesAndGoesIsToldOnceWithTheCount) {
  World world;
  world.Lose(v1::ACCESS, "personal_use");
  world.now.mutable_access()->set_presence(v1::REMOVED);
  const Policy policy{v1::PolicyConfig()};
  const auto decide = [&](const AccessPast& past) {
    return policy.Decide({nullptr, &world.then}, {nullptr, &world.now}, nullptr, past);
  };
  EXPECT_TRUE(decide({2, false}).alerts.empty());
  const Decision third = decide({3, false});
  ASSERT_EQ(third.alerts.size(), 1u);
  EXPECT_EQ(third.alerts[0].times(), 3u);
  EXPECT_EQ(third.alerts[0].title(),
            "acme/model: comes and goes: access lost 3 times within 168 hours");
  // A loss that lasts is told as every other.
  EXPECT_TRUE(third.hold.has_value());
  EXPECT_TRUE(decide({4, true}).alerts.empty());
  EXPECT_TRUE(decide({4, true}).hold.has_value());
}

}  // namespace
}  // namespace modelwatch::evaluator
