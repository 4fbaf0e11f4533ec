// SPDX-License-Identifier: Apache-2.0
#include "evaluator/openness/osaid.h"

#include <gtest/gtest.h>

#include "exhibits.h"

namespace modelwatch::evaluator {
namespace {

enum class Label { kPass, kPassUnderAnotherLicence, kFail };

// The systems that the Open Source Initiative named when it published the definition. What each
// publishes is our record of its public release; the label is OSI's.
struct System {
  const char* name;
  Label label;
  v1::Answer data;
  v1::Answer training_code;
  const char* weights;
  const char* code;
};

constexpr System kSystems[] = {
    {"Pythia", Label::kPass, v1::YES, v1::YES, "Apache-2.0", "Apache-2.0"},
    {"OLMo", Label::kPass, v1::YES, v1::YES, "Apache-2.0", "Apache-2.0"},
    {"Amber", Label::kPass, v1::YES, v1::YES, "Apache-2.0", "Apache-2.0"},
    {"CrystalCoder", Label::kPass, v1::YES, v1::YES, "Apache-2.0", "Apache-2.0"},
    {"T5", Label::kPass, v1::YES, v1::YES, "Apache-2.0", "Apache-2.0"},
    {"BLOOM", Label::kPassUnderAnotherLicence, v1::YES, v1::YES, "bigscience-bloom-rail-1.0",
     "Apache-2.0"},
    {"StarCoder2", Label::kPassUnderAnotherLicence, v1::YES, v1::YES, "bigcode-openrail-m",
     "Apache-2.0"},
    {"Falcon", Label::kPassUnderAnotherLicence, v1::YES, v1::YES, "Falcon-180B", "Apache-2.0"},
    {"Llama 2", Label::kFail, v1::NO, v1::NO, "llama2", "llama2"},
    {"Grok", Label::kFail, v1::NO, v1::NO, "Apache-2.0", "Apache-2.0"},
    {"Phi-2", Label::kFail, v1::NO, v1::NO, "MIT", "MIT"},
    {"Mixtral", Label::kFail, v1::NO, v1::NO, "Apache-2.0", "Apache-2.0"},
};

Exhibit ExhibitOf(const System& system) {
  Exhibit exhibit = FullRelease(system.weights);
  for (const v1::Part part : {v1::DATASETS, v1::DATA_CARD}) Hide(exhibit, part, system.data);
  Hide(exhibit, v1::TRAINING_CODE, system.training_code);
  exhibit.code = Under(system.code);
  return exhibit;
}

TEST(OsaidTest, AgreesWithTheTwelveSystemsThatOsiNamed) {
  for (const System& system : kSystems) {
    ASSERT_NE(TermsTable::Builtin().Find(system.weights), nullptr) << system.weights;
    const v1::FrameworkVerdict verdict = JudgeOsaid(TermsTable::Builtin(), ExhibitOf(system));
    EXPECT_EQ(verdict.verdict(), system.label == Label::kPass ? "meets the definition"
                                 : system.label == Label::kFail
                                     ? "does not meet it"
                                     : "would meet it under another licence")
        << system.name << "\n"
        << verdict.DebugString();
    EXPECT_EQ(verdict.answer(), system.label == Label::kPass ? v1::YES : v1::NO) << system.name;
  }
}

TEST(OsaidTest, DoesNotKnowWhatIsNotShown) {
  Exhibit exhibit = FullRelease("Apache-2.0");
  Hide(exhibit, v1::TRAINING_CODE);
  const v1::FrameworkVerdict verdict = JudgeOsaid(TermsTable::Builtin(), exhibit);
  EXPECT_EQ(verdict.answer(), v1::NOT_KNOWN);
  EXPECT_EQ(verdict.verdict(), "not known");
}

TEST(OsaidTest, LeavesADescriptionOfTheDataToASkilledPerson) {
  Exhibit exhibit = FullRelease("Apache-2.0");
  Hide(exhibit, v1::DATASETS, v1::NO);
  EXPECT_EQ(JudgeOsaid(TermsTable::Builtin(), exhibit).answer(), v1::MAYBE);
}

TEST(OsaidTest, CountsARiderAsTerms) {
  Exhibit exhibit = FullRelease("Apache-2.0");
  exhibit.riders.push_back(Cause("README.md"));
  EXPECT_EQ(JudgeOsaid(TermsTable::Builtin(), exhibit).verdict(),
            "would meet it under another licence");
}

TEST(OsaidTest, WantsCodeUnderAnApprovedLicence) {
  Exhibit exhibit = FullRelease("Apache-2.0");
  exhibit.code = Under("CC-BY-NC-4.0");
  EXPECT_EQ(JudgeOsaid(TermsTable::Builtin(), exhibit).answer(), v1::NO);
}

}  // namespace
}  // namespace modelwatch::evaluator
