// SPDX-License-Identifier: Apache-2.0
#include "evaluator/policy/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluator/policy/policy.h"
#include "testing/status_matchers.h"

namespace modelwatch::evaluator {
namespace {

using ::testing::HasSubstr;

std::string Refused(const std::string& text) {
  const auto rules = ParseRules(text, "my.rules", {"com_tiny", "personal_use"});
  EXPECT_FALSE(rules.ok()) << text;
  return std::string(rules.status().message());
}

TEST(RulesTest, TheBuiltInOnesPassTheirOwnCheck) {
  std::set<std::string> ids;
  for (const v1::PolicyRule& rule : BuiltinRules().rule()) {
    EXPECT_TRUE(ids.insert(rule.id()).second) << rule.id();
  }
  v1::PolicyRuleTable alone = BuiltinRules();
  EXPECT_OK(ParseRules(alone.DebugString(), "builtin.textproto"));
}

TEST(RulesTest, SayFileLineAndWhatOfAMistake) {
  EXPECT_EQ(
      Refused("rule {\n  id: \"a\"\n  colour: 3\n}"),
      "rules my.rules, line 3, column 9: Message type \"modelwatch.v1.PolicyRule\" has no field "
      "named \"colour\".");
  EXPECT_EQ(Refused("\n\nrule { id: \"a\" event: \"E1\" }"),
            "rules my.rules, line 3: rule \"a\": it has no severity; INFO, NOTICE, WARNING or "
            "CRITICAL, or is_muted");
  EXPECT_THAT(Refused("rule { id: \"a\" event: \"E1\" severity: INFO\n lost: \"com_tinny\" }"),
              HasSubstr("line 2: rule \"a\": scenario \"com_tinny\" is not known"));
  EXPECT_THAT(Refused("rule { id: \"a\" event: \"E99\" severity: INFO }"), HasSubstr("none of E1"));
  EXPECT_THAT(Refused("rule { id: \"A b\" event: \"E1\" severity: INFO }"), HasSubstr("its id"));
  EXPECT_THAT(Refused("rule { id: \"a\" is_muted: true }\nrule { id: \"a\" is_muted: true }"),
              HasSubstr("given twice"));
  EXPECT_THAT(Refused("rule { id: \"a\" event: \"E6\" severity: INFO\n\n access: \"gated\" }"),
              HasSubstr("line 3: rule \"a\": access \"gated\" never holds"));
  EXPECT_THAT(Refused("rule { id: \"a\" is_muted: true watch_list: \"mine\" }"),
              HasSubstr("watch list \"mine\" is not in the file"));
  EXPECT_THAT(Refused("rule { id: \"a\" is_muted: true release: \"\" }"),
              HasSubstr("empty release"));
  EXPECT_THAT(Refused("watch_list { name: \"mine\" } then_builtin: true"),
              HasSubstr("line 1: watch list \"mine\" needs a name and releases"));
  EXPECT_THAT(Refused(""), HasSubstr("no rule"));
}

TEST(RulesTest, KeepEventsAndShiftsApart) {
  EXPECT_THAT(Refused("rule { id: \"a\" event: \"E1\" severity: INFO cause: \"E1\" }"),
              HasSubstr("cause \"E1\" never comes"));
  EXPECT_THAT(Refused("rule { id: \"a\" event: \"E9\" severity: INFO cause: \"E9\" kind: SWAP }"),
              HasSubstr("for events"));
  EXPECT_THAT(Refused("rule { id: \"a\" event: \"E1\" severity: INFO names_uses: true }"),
              HasSubstr("names_uses"));
}

TEST(RulesTest, AMistakeInABuiltInIdIsTheUsers) {
  EXPECT_THAT(Refused("rule { id: \"removed\" is_muted: true } then_builtin: true"),
              HasSubstr("given twice"));
}

TEST(RulesTest, MayComeBeforeTheBuiltInOnesAndKeepTheirWords) {
  ASSERT_OK_AND_ASSIGN(const v1::PolicyRuleTable rules,
                       ParseRules("rule { id: \"quiet\" is_muted: true release: \"acme\" }\n"
                                  "then_builtin: true",
                                  "my.rules"));
  EXPECT_EQ(rules.rule(0).id(), "quiet");
  EXPECT_EQ(rules.rule_size(), BuiltinRules().rule_size() + 1);
  EXPECT_EQ(rules.phrase_size(), BuiltinRules().phrase_size());
}

TEST(RulesTest, AreForReleasesByNameOrWatchList) {
  ASSERT_OK_AND_ASSIGN(
      const v1::PolicyRuleTable rules,
      ParseRules("watch_list { name: \"shipped\" release: \"meta-llama/*\" release: \"acme/b\" }\n"
                 "rule { id: \"all\" is_muted: true }\n"
                 "rule { id: \"listed\" is_muted: true watch_list: \"shipped\" }\n"
                 "rule { id: \"named\" is_muted: true watch_list: \"shipped\" release: \"zoo\" }",
                 "my.rules"));
  EXPECT_TRUE(IsForRelease(rules, rules.rule(0), "any/thing"));
  EXPECT_TRUE(IsForRelease(rules, rules.rule(1), "Meta-Llama/Llama-3"));
  EXPECT_FALSE(IsForRelease(rules, rules.rule(1), "acme/c"));
  EXPECT_TRUE(IsForRelease(rules, rules.rule(2), "zoo/c"));
  EXPECT_TRUE(IsForRelease(rules, rules.rule(2), "acme/b"));
}

}  // namespace
}  // namespace modelwatch::evaluator
