// SPDX-License-Identifier: Apache-2.0
#include "evaluator/openness/redhat.h"

#include <gtest/gtest.h>

#include "exhibits.h"

namespace modelwatch::evaluator {
namespace {

v1::FrameworkVerdict Judge(const Exhibit& exhibit) {
  return JudgeRedHat(TermsTable::Builtin(), exhibit);
}

TEST(RedHatTest, MeetsTheMinimumUnderAnOpenLicence) {
  const v1::FrameworkVerdict verdict = Judge(FullRelease("Apache-2.0"));
  EXPECT_EQ(verdict.answer(), v1::YES) << verdict.DebugString();
  EXPECT_EQ(verdict.verdict(), "minimum met");
  EXPECT_EQ(verdict.criteria_size(), 7);
}

TEST(RedHatTest, NamesWhatALicenceForbids) {
  const v1::FrameworkVerdict verdict = Judge(FullRelease("llama3.1"));
  EXPECT_EQ(verdict.answer(), v1::NO);
  EXPECT_EQ(verdict.verdict(), "minimum not met");
  ASSERT_GT(Criterion(verdict, "RH3").because_size(), 2);
  EXPECT_EQ(Criterion(verdict, "RH3").because(0).clause(), "redhat.scale");
}

TEST(RedHatTest, CallsAClaimOverRestrictiveTermsOpenWashing) {
  Exhibit exhibit = FullRelease("llama3.1");
  Show(exhibit, v1::OPEN_SOURCE_CLAIM, v1::YES, Cause("README.md"));
  const v1::FrameworkVerdict verdict = Judge(exhibit);
  EXPECT_EQ(verdict.verdict(), "open washing");
  EXPECT_EQ(Criterion(verdict, "RH7").answer(), v1::NO);
  EXPECT_EQ(Criterion(verdict, "RH7").because_size(), 1);
}

TEST(RedHatTest, CallsAClaimOverARiderOpenWashing) {
  Exhibit exhibit = FullRelease("Apache-2.0");
  exhibit.riders.push_back(Cause("README.md"));
  Show(exhibit, v1::OPEN_SOURCE_CLAIM, v1::YES, Cause("README.md"));
  EXPECT_EQ(Judge(exhibit).verdict(), "open washing");
}

TEST(RedHatTest, FindsNothingWrongWithATrueClaim) {
  Exhibit exhibit = FullRelease("MIT");
  Show(exhibit, v1::OPEN_SOURCE_CLAIM, v1::YES, Cause("README.md"));
  EXPECT_EQ(Judge(exhibit).verdict(), "minimum met");
}

TEST(RedHatTest, NeverPassesOnATagAlone) {
  Exhibit exhibit = FullRelease("Apache-2.0");
  exhibit.weights.status = v1::MENTION;
  const v1::FrameworkVerdict verdict = Judge(exhibit);
  EXPECT_EQ(verdict.answer(), v1::NOT_KNOWN);
  EXPECT_EQ(verdict.verdict(), "met if the declared licence holds");
  EXPECT_EQ(Criterion(verdict, "RH3").answer(), v1::YES);
}

TEST(RedHatTest, LeavesAnUnknownLicenceUnknown) {
  Exhibit exhibit = FullRelease("Apache-2.0");
  exhibit.weights = LicenceStanding();
  const v1::FrameworkVerdict verdict = Judge(exhibit);
  EXPECT_EQ(verdict.answer(), v1::NOT_KNOWN);
  EXPECT_EQ(Criterion(verdict, "RH2").answer(), v1::NOT_KNOWN);
  EXPECT_EQ(Criterion(verdict, "RH3").answer(), v1::NOT_KNOWN);
}

TEST(RedHatTest, DoesNotPassATextThatSaysMoreThanItsLicence) {
  Exhibit exhibit = FullRelease("MIT");
  exhibit.weights.status = v1::MODIFIED;
  exhibit.weights.is_understood = false;
  EXPECT_EQ(Judge(exhibit).answer(), v1::NOT_KNOWN);
  exhibit.weights.dimensions.set_purpose(1);
  EXPECT_EQ(Judge(exhibit).answer(), v1::NO);
}

TEST(RedHatTest, ReadsWhatAMentionAddsToTheLicenceItNames) {
  Exhibit exhibit = FullRelease("MIT");
  exhibit.weights.status = v1::MENTION;
  exhibit.weights.dimensions.set_purpose(1);
  EXPECT_EQ(Criterion(Judge(exhibit), "RH3").answer(), v1::NO);
}

TEST(RedHatTest, TakesTheBetterOfAlternatives) {
  Exhibit exhibit = FullRelease("MIT");
  exhibit.weights = Under("CC-BY-NC-4.0 OR Apache-2.0");
  EXPECT_EQ(Criterion(Judge(exhibit), "RH3").answer(), v1::YES);
  exhibit.weights = Under("CC-BY-NC-4.0 AND Apache-2.0");
  EXPECT_EQ(Criterion(Judge(exhibit), "RH3").answer(), v1::NO);
}

TEST(RedHatTest, IsClosedWithoutWeights) {
  Exhibit exhibit = FullRelease("Apache-2.0");
  Hide(exhibit, v1::FINAL_PARAMETERS);
  EXPECT_EQ(Judge(exhibit).verdict(), "closed");
  exhibit.has_file_list = false;  // a hub's listing shows cards and licences only
  EXPECT_EQ(Judge(exhibit).answer(), v1::NOT_KNOWN);
  exhibit.access.set_presence(v1::REMOVED);
  EXPECT_EQ(Judge(exhibit).verdict(), "closed");
}

TEST(RedHatTest, WantsSoftwareUnderASoftwareLicence) {
  Exhibit exhibit = FullRelease("CC-BY-4.0");
  EXPECT_EQ(Criterion(Judge(exhibit), "RH3").answer(), v1::YES);
  EXPECT_EQ(Criterion(Judge(exhibit), "RH4").answer(), v1::YES);  // an open library runs it
  Show(exhibit, v1::CUSTOM_CODE, v1::YES, Cause("modeling_x.py"));
  EXPECT_EQ(Criterion(Judge(exhibit), "RH4").answer(), v1::NO);
  exhibit.code = Under("Apache-2.0");
  EXPECT_EQ(Criterion(Judge(exhibit), "RH4").answer(), v1::YES);
}

TEST(RedHatTest, LetsARiderDefeatTheLicence) {
  Exhibit exhibit = FullRelease("Apache-2.0");
  exhibit.riders.push_back(Cause("README.md"));
  const v1::FrameworkVerdict verdict = Judge(exhibit);
  EXPECT_EQ(verdict.answer(), v1::NO);
  EXPECT_EQ(Criterion(verdict, "RH5").answer(), v1::NO);
  exhibit.riders.clear();
  exhibit.access.set_gate(v1::MANUAL);
  EXPECT_EQ(Criterion(Judge(exhibit), "RH5").answer(), v1::NO);
  exhibit.access.set_gate(v1::AUTO);
  EXPECT_EQ(Criterion(Judge(exhibit), "RH5").answer(), v1::MAYBE);
}

TEST(RedHatTest, DoubtsATextThatAnotherSourceContradicts) {
  Exhibit exhibit = FullRelease("Apache-2.0");
  exhibit.doubts.push_back(Cause(""));
  EXPECT_EQ(Criterion(Judge(exhibit), "RH5").answer(), v1::NOT_KNOWN);
}

TEST(RedHatTest, NeverBlocksOnTransparency) {
  Exhibit exhibit = FullRelease("Apache-2.0");
  for (const v1::Part part :
       {v1::DATASETS, v1::DATA_CARD, v1::TRAINING_CODE, v1::TECHNICAL_REPORT, v1::RESEARCH_PAPER}) {
    Hide(exhibit, part);
  }
  const v1::FrameworkVerdict verdict = Judge(exhibit);
  EXPECT_EQ(verdict.answer(), v1::YES);
  EXPECT_TRUE(Criterion(verdict, "RH6").is_advisory());
  EXPECT_EQ(Criterion(verdict, "RH6").answer(), v1::NOT_KNOWN);
}

}  // namespace
}  // namespace modelwatch::evaluator
