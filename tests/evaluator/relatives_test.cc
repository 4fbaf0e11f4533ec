// SPDX-License-Identifier: Apache-2.0
#include "evaluator/relatives.h"

#include <gmock/gmock.h>

#include "evaluator/small_world.h"

namespace modelwatch::evaluator {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class RelativesTest : public SmallWorld {
 protected:
  std::vector<std::string> Rules() {
    std::vector<std::string> rules;
    for (const v1::Alert& alert : Alerts()) rules.push_back(alert.rule());
    return rules;
  }
  // Ids of the newest assessment's events.
  std::vector<std::string> Events() {
    std::vector<std::string> ids;
    const v1::Assessment newest = Assessments().back();
    for (const v1::Event& event : newest.events()) ids.push_back(event.id());
    return ids;
  }
};

TEST_F(RelativesTest, ADerivativeThatDeclaresLessIsFlaggedAtFirstSightAndNotTold) {
  Put({{.name = "base/m", .tag = "llama3"}, {.name = "maker/d", .tag = "mit", .base = "Base/M"}});
  Evaluate();
  EXPECT_THAT(Events(), ::testing::ElementsAre("E10"));
  EXPECT_THAT(Alerts(), IsEmpty());
}

TEST_F(RelativesTest, ADerivativeThatTakesALooserTagIsTold) {
  Put({{.name = "base/m", .tag = "llama3"},
       {.name = "maker/d", .tag = "llama3", .base = "base/m"},
       {.name = "maker/d", .hour = 1, .tag = "apache-2.0", .base = "base/m"}});
  Evaluate();
  EXPECT_THAT(Rules(), ::testing::ElementsAre("looser-than-base"));
  EXPECT_EQ(Alerts()[0].cause().other_name(), "base/m");
  Put({{.name = "maker/d", .hour = 2, .tag = "mit", .base = "base/m"}});
  Evaluate();
  EXPECT_THAT(Alerts(), SizeIs(1));  // it lasts
}

TEST_F(RelativesTest, TheBasesTermsJoinThoseOfADerivativeAndMakeNoShift) {
  Put({{.name = "base/m", .tag = "cc-by-nc-4.0"},
       {.name = "maker/d", .tag = "mit", .base = "base/m"}});
  Evaluate();
  const auto com_tiny = [](const v1::Terms& terms) {
    for (const v1::Outcome& outcome : terms.outcomes()) {
      if (outcome.scenario() == "com_tiny") return outcome.interval().low();
    }
    return 9u;
  };
  const v1::Assessment first = Assessments().back();
  EXPECT_EQ(com_tiny(first.terms()), 3u);
  EXPECT_EQ(com_tiny(first.licence_terms()), 0u);
  // The base is freed; the derivative only gets another year of its tag's spelling.
  Put({{.name = "base/m", .hour = 1, .tag = "mit"}});
  Evaluate();
  Put({{.name = "maker/d", .hour = 2, .tag = "MIT", .base = "base/m"}});
  Evaluate();
  const v1::Assessment last = Assessments().back();
  EXPECT_EQ(com_tiny(last.terms()), 0u);
  EXPECT_EQ(last.shift().direction(), v1::SAME);
  EXPECT_THAT(Alerts(), IsEmpty());
}

TEST_F(RelativesTest, ABaseThatIsNotHereAccusesNobody) {
  Put({{.name = "maker/d", .tag = "gpl-3.0", .base = "base/gone"},
       {.name = "maker/d", .hour = 1, .tag = "apache-2.0", .base = "base/gone"}});
  Evaluate();
  EXPECT_THAT(Alerts(), IsEmpty());
  EXPECT_THAT(Events(), IsEmpty());
}

TEST_F(RelativesTest, ATightenedBaseNamesHowManyAreMadeFromItAndBlamesNone) {
  Put({{.name = "base/m"},
       {.name = "maker/d", .base = "base/m"},
       {.name = "maker/e", .base = "Base/m"},
       {.name = "base/m", .hour = 1, .tag = "cc-by-nc-4.0"}});
  Evaluate();
  EXPECT_THAT(Rules(), ::testing::ElementsAre("swap-tighter", "base-tightened"));
  EXPECT_EQ(Alerts()[1].cause().derivatives(), 2u);
  // What became of the base is not what the derivative did.
  Put({{.name = "maker/d", .hour = 2, .gate = v1::AUTO, .base = "base/m"},
       {.name = "other/x", .hour = 3}});
  Evaluate();
  EXPECT_THAT(Alerts(), SizeIs(2));
}

TEST_F(RelativesTest, ANewReleaseTighterThanTheOneItFollowsIsTold) {
  Put({{.name = "m/M-2.5-70B"}, {.name = "m/M-2.5-7B"}});
  Evaluate();
  Put({{.name = "m/M-2.7-70B", .hour = 10, .tag = "cc-by-nc-4.0", .created_hour = 9},
       {.name = "m/M-2.7-7B", .hour = 10, .created_hour = 9},
       {.name = "other/M-2.7-70B", .hour = 10, .tag = "cc-by-nc-4.0", .created_hour = 9},
       {.name = "m/M-2.7-70B-GGUF", .hour = 10, .tag = "cc-by-nc-4.0", .created_hour = 9}});
  Evaluate();
  ASSERT_THAT(Rules(), ::testing::ElementsAre("family-tighter"));
  EXPECT_EQ(Alerts()[0].name(), "m/M-2.7-70B");
  EXPECT_EQ(Alerts()[0].cause().other_name(), "m/M-2.5-70B");
  EXPECT_EQ(Alerts()[0].severity(), v1::WARNING);
}

TEST_F(RelativesTest, WhatAFirstSweepFindsIsHistoryAndNoNews) {
  Put({{.name = "m/M-2.5-70B"},
       {.name = "m/M-2.7-70B", .tag = "cc-by-nc-4.0", .created_hour = -1}});
  Evaluate();
  Put({{.name = "m/M-3-70B", .hour = 10, .tag = "cc-by-nc-4.0", .created_hour = -2}});
  Evaluate();
  EXPECT_THAT(Alerts(), IsEmpty());
}

}  // namespace
}  // namespace modelwatch::evaluator
