// SPDX-License-Identifier: Apache-2.0
#include "evaluator/openness/mof.h"

#include <gtest/gtest.h>

#include "evaluator/openness/openness_table.h"
#include "exhibits.h"

namespace modelwatch::evaluator {
namespace {

MofEntry Listing(std::initializer_list<int> classes, const std::string& licence) {
  MofEntry entry;
  for (const v1::MofComponent& component : BuiltinOpenness().component()) {
    for (const int wanted : classes) {
      if (static_cast<int>(component.mof_class()) == wanted && !component.is_optional()) {
        entry.licences[component.title()] = licence;
      }
    }
  }
  return entry;
}

MofClass Classify(const MofEntry& entry) {
  return ClassifyMof(
      entry, [](std::string_view licence) { return IsMofOpen(TermsTable::Builtin(), licence); });
}

TEST(MofTest, HasSeventeenComponentsOfWhichFourteenAreAskedFor) {
  EXPECT_EQ(BuiltinOpenness().component_size(), 17);
  EXPECT_EQ(Listing({3, 2, 1}, "MIT").licences.size(), 14u);
}

TEST(MofTest, ClimbsAClassOnlyWhenTheOneBelowIsMet) {
  EXPECT_EQ(Classify(Listing({3}, "Apache-2.0")).number, 3);
  EXPECT_EQ(Classify(Listing({3, 2}, "Apache-2.0")).number, 2);
  EXPECT_EQ(Classify(Listing({3, 2, 1}, "Apache-2.0")).number, 1);
  const MofClass none = Classify(Listing({2, 1}, "Apache-2.0"));
  EXPECT_EQ(none.number, 0);
  EXPECT_EQ(none.progress[2], 0);
}

TEST(MofTest, CountsAClassTogetherWithThoseBefore) {
  const MofClass third = Classify(Listing({3}, "Apache-2.0"));
  EXPECT_DOUBLE_EQ(third.progress[3], 100);
  EXPECT_DOUBLE_EQ(third.progress[2], 60);
  EXPECT_DOUBLE_EQ(third.progress[1], 0);
}

TEST(MofTest, LetsAPaperStandInForTheReport) {
  MofEntry entry = Listing({3, 2, 1}, "Apache-2.0");
  entry.licences.erase("Technical report");
  EXPECT_EQ(Classify(entry).number, 1);
}

TEST(MofTest, ComparesLicencesAsTheyAreWritten) {
  MofEntry entry = Listing({3}, "Apache-2.0");
  entry.licences["Model card"] = "unlicensed";
  EXPECT_EQ(Classify(entry).number, 0);
}

TEST(MofTest, FallsBackToTheLicenceOfTheDistribution) {
  MofEntry entry = Listing({3}, "");
  EXPECT_EQ(Classify(entry).number, 0);
  entry.distribution = "MIT";
  EXPECT_EQ(Classify(entry).number, 3);
  entry.by_content[v1::CODE_CONTENT] = "Proprietary";
  EXPECT_EQ(Classify(entry).number, 0);
}

TEST(MofTest, ClassesAReleaseByWhatItShows) {
  Exhibit exhibit = FullRelease("Apache-2.0");
  EXPECT_EQ(JudgeMof(TermsTable::Builtin(), exhibit).verdict(), "Class I");
  Hide(exhibit, v1::DATASETS);
  EXPECT_EQ(JudgeMof(TermsTable::Builtin(), exhibit).verdict(), "Class II");
  Hide(exhibit, v1::MODEL_CARD);
  const v1::FrameworkVerdict verdict = JudgeMof(TermsTable::Builtin(), exhibit);
  EXPECT_EQ(verdict.verdict(), "no class shown");
  EXPECT_EQ(verdict.answer(), v1::NOT_KNOWN);
}

TEST(MofTest, HasNoClassUnderTermsThatAreNotOpen) {
  const v1::FrameworkVerdict verdict = JudgeMof(TermsTable::Builtin(), FullRelease("CC-BY-NC-4.0"));
  EXPECT_EQ(verdict.answer(), v1::NO);
  EXPECT_EQ(verdict.verdict(), "no class");
}

}  // namespace
}  // namespace modelwatch::evaluator
