// SPDX-License-Identifier: Apache-2.0
#include "evaluator/openness/eu_ai_act.h"

#include <gtest/gtest.h>

#include "exhibits.h"

namespace modelwatch::evaluator {
namespace {

v1::FrameworkVerdict Judge(const Exhibit& exhibit) {
  return JudgeEuAiAct(TermsTable::Builtin(), exhibit);
}

TEST(EuAiActTest, FindsTheIndicatorsOfAPermissiveRelease) {
  const v1::FrameworkVerdict verdict = Judge(FullRelease("Apache-2.0"));
  EXPECT_EQ(verdict.answer(), v1::YES) << verdict.DebugString();
  EXPECT_EQ(verdict.criteria_size(), 9);
}

TEST(EuAiActTest, CountsAThresholdAndAnExcludedRegion) {
  const v1::FrameworkVerdict verdict = Judge(FullRelease("llama4"));
  EXPECT_EQ(verdict.answer(), v1::NO);
  EXPECT_EQ(Criterion(verdict, "EU5").answer(), v1::NO);
  EXPECT_EQ(Criterion(verdict, "EU2").answer(), v1::NO);
}

TEST(EuAiActTest, NeverPassesUseBasedRestrictions) {
  const v1::FrameworkVerdict verdict = Judge(FullRelease("bigscience-bloom-rail-1.0"));
  EXPECT_EQ(Criterion(verdict, "EU6").answer(), v1::MAYBE);
  EXPECT_EQ(verdict.answer(), v1::MAYBE);
  EXPECT_EQ(verdict.verdict(), "depends on the reading");
}

TEST(EuAiActTest, TakesAGateForAccessAndPersonalData) {
  Exhibit exhibit = FullRelease("Apache-2.0");
  exhibit.access.set_gate(v1::AUTO);
  EXPECT_EQ(Criterion(Judge(exhibit), "EU8").answer(), v1::MAYBE);
  exhibit.access.set_gate(v1::MANUAL);
  EXPECT_EQ(Criterion(Judge(exhibit), "EU2").answer(), v1::NO);
  exhibit.access.set_gate(v1::OPEN);
  exhibit.excludes_eu = true;
  EXPECT_EQ(Criterion(Judge(exhibit), "EU2").answer(), v1::NO);
}

TEST(EuAiActTest, DoesNotKnowOfALicenceThatIsNotKnown) {
  Exhibit exhibit = FullRelease("Apache-2.0");
  exhibit.weights = Under("other", v1::NONE);
  exhibit.weights.expression.clear();
  EXPECT_EQ(Judge(exhibit).answer(), v1::NOT_KNOWN);
}

TEST(EuAiActTest, WantsUsageToldInTheCard) {
  Exhibit exhibit = FullRelease("Apache-2.0");
  Hide(exhibit, v1::CARD_LIMITS);
  const v1::FrameworkVerdict verdict = Judge(exhibit);
  EXPECT_EQ(Criterion(verdict, "EU9").answer(), v1::NOT_KNOWN);
  EXPECT_EQ(Criterion(verdict, "EU9").text(), "not seen: limits");
}

}  // namespace
}  // namespace modelwatch::evaluator
