// SPDX-License-Identifier: Apache-2.0
#include "evaluator/assess/lineage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "evaluator/assess/access_terms.h"
#include "evaluator/terms/lattice.h"

namespace modelwatch::evaluator {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

const TermsTable& Table() { return TermsTable::Builtin(); }

v1::Assessment Under(const std::string& licence, const std::string& name) {
  v1::Assessment assessment;
  assessment.set_name(name);
  assessment.set_licence(licence);
  const v1::LicenceTerms* row = Table().Find(licence);
  EXPECT_TRUE(licence.empty() || row != nullptr) << licence;
  *assessment.mutable_terms() = row == nullptr ? Table().Unknown("") : Table().TermsOf(*row);
  return assessment;
}

LineageFinding Compare(const std::string& base_licence, const std::string& derivative_licence,
                       const std::string& relation = "finetune") {
  const v1::Assessment base = Under(base_licence, "base/model");
  return CompareWithBase(Table(), Under(derivative_licence, "maker/derivative"),
                         {"base/model", relation, &base});
}

struct Edge {
  const char* base;
  const char* derivative;
  LineageVerdict verdict;
};

class EdgeTable : public ::testing::TestWithParam<Edge> {};

TEST_P(EdgeTable, IsJudgedByTheLattice) {
  EXPECT_EQ(Word(Compare(GetParam().base, GetParam().derivative).verdict),
            Word(GetParam().verdict));
}

// The table of spec section 8, and the pairs of the literature that are known to be wrong.
INSTANTIATE_TEST_SUITE_P(
    LineageTest, EdgeTable,
    ::testing::Values(Edge{"MIT", "Apache-2.0", LineageVerdict::kFits},
                      Edge{"Apache-2.0", "MIT", LineageVerdict::kFits},
                      Edge{"Apache-2.0", "CC-BY-NC-4.0", LineageVerdict::kFits},
                      Edge{"CC-BY-4.0", "MIT", LineageVerdict::kFits},
                      Edge{"CC0-1.0", "llama3", LineageVerdict::kFits},
                      Edge{"GPL-3.0", "GPL-3.0", LineageVerdict::kFits},
                      Edge{"GPL-3.0", "MIT", LineageVerdict::kLooser},
                      Edge{"GPL-3.0", "CC-BY-NC-4.0", LineageVerdict::kAddsRestrictions},
                      Edge{"CC-BY-SA-4.0", "Apache-2.0", LineageVerdict::kLooser},
                      Edge{"llama3", "Apache-2.0", LineageVerdict::kLooser},
                      Edge{"llama3.1", "llama3.1", LineageVerdict::kFits},
                      Edge{"gemma", "Apache-2.0", LineageVerdict::kLooser},
                      Edge{"openrail", "MIT", LineageVerdict::kLooser},
                      Edge{"CC-BY-NC-4.0", "Apache-2.0", LineageVerdict::kLooser},
                      Edge{"CC-BY-NC-4.0", "CC-BY-NC-4.0", LineageVerdict::kFits},
                      Edge{"Tongyi-Qianwen-Research", "CC-BY-4.0", LineageVerdict::kLooser},
                      Edge{"Qwen-2024", "Apache-2.0", LineageVerdict::kLooser},
                      Edge{"CC-BY-ND-4.0", "CC-BY-ND-4.0", LineageVerdict::kLooser},
                      Edge{"", "MIT", LineageVerdict::kUndecidable},
                      Edge{"llama3", "", LineageVerdict::kUndecidable}));

TEST(LineageTest, AnUnknownBaseIsNeverAnAccusation) {
  const v1::Assessment derivative = Under("MIT", "maker/derivative");
  const std::vector<Base> bases = {{"base/gone", "finetune", nullptr}};
  EXPECT_FALSE(LaunderingEvent(Table(), derivative, bases).has_value());
  v1::Assessment remembered = Under("llama3", "base/model");
  remembered.set_is_memory_only(true);
  const std::vector<Base> by_memory = {{"base/model", "finetune", &remembered}};
  EXPECT_FALSE(LaunderingEvent(Table(), derivative, by_memory).has_value());
}

TEST(LineageTest, AnUnknownRelationIsUndecidable) {
  EXPECT_EQ(Compare("llama3", "MIT", "inspired-by").verdict, LineageVerdict::kUndecidable);
  for (const char* relation : {"", "finetune", "adapter", "quantized", "merge"}) {
    EXPECT_EQ(Compare("llama3", "MIT", relation).verdict, LineageVerdict::kLooser) << relation;
  }
}

TEST(LineageTest, AQuantisedCopyOfWhatAllowsNoDerivativesIsOne) {
  EXPECT_EQ(Compare("CC-BY-ND-4.0", "CC-BY-ND-4.0", "quantized").verdict, LineageVerdict::kFits);
}

TEST(LineageTest, APublisherMayGiveItsOwnReleasesWhatItLikes) {
  const v1::Assessment base = Under("llama3", "Meta-Llama/base");
  const LineageFinding finding = CompareWithBase(Table(), Under("Apache-2.0", "meta-llama/small"),
                                                 {"Meta-Llama/base", "finetune", &base});
  EXPECT_EQ(finding.verdict, LineageVerdict::kFits);
}

TEST(LineageTest, AGateOnTheBaseIsNoTermOfTheDerivative) {
  v1::Assessment base = Under("Apache-2.0", "base/model");
  *base.mutable_licence_terms() = base.terms();
  *base.mutable_terms() = Table().Uniform(3, 3, "access.removed", "removed");
  const LineageFinding finding =
      CompareWithBase(Table(), Under("MIT", "maker/derivative"), {"base/model", "finetune", &base});
  EXPECT_EQ(finding.verdict, LineageVerdict::kFits);
}

TEST(LineageTest, AMergeHasToMeetEachParent) {
  const v1::Assessment free = Under("MIT", "base/free");
  const v1::Assessment bound = Under("CC-BY-NC-4.0", "base/bound");
  const std::vector<Base> parents = {{"base/free", "merge", &free},
                                     {"base/gone", "merge", nullptr},
                                     {"base/bound", "merge", &bound}};
  const auto event = LaunderingEvent(Table(), Under("Apache-2.0", "maker/merge"), parents);
  ASSERT_TRUE(event.has_value());
  EXPECT_EQ(event->id(), "E10");
  EXPECT_EQ(event->other_name(), "base/bound");
  EXPECT_THAT(event->scenarios(), Contains("com_tiny"));
  EXPECT_THAT(event->scenarios(), Not(Contains("rely_irrevocably")));
  EXPECT_THAT(event->text(), HasSubstr("CC-BY-NC-4.0"));
  EXPECT_GT(event->because_size(), 0);
}

TEST(LineageTest, ATightenedBaseCountsWhoIsMadeFromIt) {
  v1::Assessment base = Under("CC-BY-NC-4.0", "base/model");
  v1::Shift& shift = *base.mutable_shift();
  shift.set_kind(v1::SWAP);
  shift.set_direction(v1::TIGHTER);
  v1::Move& move = *shift.add_lost();
  move.set_scenario("com_tiny");
  move.mutable_to()->set_low(3);
  const auto event = FanOutEvent(base, 12);
  ASSERT_TRUE(event.has_value());
  EXPECT_EQ(event->derivatives(), 12u);
  EXPECT_EQ(event->text(), "its terms became tighter; 12 releases are made from it");
  EXPECT_FALSE(FanOutEvent(base, 0).has_value());
  shift.set_kind(v1::ACCESS);
  EXPECT_FALSE(FanOutEvent(base, 12).has_value());
  shift.set_kind(v1::SWAP);
  move.mutable_to()->set_low(1);  // a duty is met by a notice
  EXPECT_FALSE(FanOutEvent(base, 12).has_value());
}

v1::Interval At(const v1::Assessment& assessment, const char* scenario) {
  return FindOutcome(assessment.terms(), scenario)->interval();
}

TEST(LineageTest, WhatTheBaseRequiresJoinsTheTermsAndIsDroppedAgain) {
  const v1::Assessment base = Under("CC-BY-NC-4.0", "base/model");
  const std::vector<Base> bases = {{"base/model", "finetune", &base}};
  const v1::Assessment own = Under("MIT", "maker/derivative");
  v1::Assessment derivative = own;
  JoinBases(Table(), bases, derivative);
  EXPECT_EQ(At(derivative, "com_tiny").low(), kProhibited);
  EXPECT_EQ(At(derivative, "academic_research").high(), kFree);
  const v1::Because& because = FindOutcome(derivative.terms(), "com_tiny")->because(0);
  EXPECT_THAT(because.text(), HasSubstr("base/model"));
  EXPECT_EQ(FindOutcome(derivative.licence_terms(), "com_tiny")->interval().high(), kFree);
  v1::Observation seen;
  seen.mutable_declared()->add_base_models()->set_name("base/model");
  DropBases(Table(), seen, derivative);
  EXPECT_EQ(derivative.SerializeAsString(), own.SerializeAsString());
}

TEST(LineageTest, ADroppedBaseLeavesTheGate) {
  const v1::Assessment base = Under("CC-BY-NC-4.0", "base/model");
  const std::vector<Base> bases = {{"base/model", "", &base}};
  v1::Observation seen;
  seen.mutable_declared()->add_base_models()->set_name("base/model");
  seen.mutable_access()->set_gate(v1::MANUAL);
  seen.mutable_access()->set_presence(v1::PRESENT);
  v1::Assessment derivative = Under("MIT", "maker/derivative");
  *derivative.mutable_licence_terms() = derivative.terms();
  *derivative.mutable_terms() =
      Join(derivative.terms(), AccessTerms(Table(), seen.access(), seen.declared()));
  const std::string gated = derivative.terms().SerializeAsString();
  JoinBases(Table(), bases, derivative);
  EXPECT_EQ(At(derivative, "com_tiny").low(), kProhibited);
  DropBases(Table(), seen, derivative);
  EXPECT_EQ(derivative.terms().SerializeAsString(), gated);
  EXPECT_TRUE(derivative.has_licence_terms());
}

TEST(LineageTest, ABaseThatIsNotKnownOrOfTheSamePublisherAddsNothing) {
  const v1::Assessment unknown = Under("", "base/model"), own = Under("gemma", "maker/base");
  v1::Assessment remembered = Under("llama3", "base/other");
  remembered.set_is_memory_only(true);
  const v1::Assessment restrictive = Under("CC-BY-NC-4.0", "base/third");
  const std::vector<Base> bases = {{"base/gone", "finetune", nullptr},
                                   {"base/model", "finetune", &unknown},
                                   {"maker/base", "finetune", &own},
                                   {"base/other", "finetune", &remembered},
                                   {"base/third", "inspired-by", &restrictive}};
  v1::Assessment derivative = Under("MIT", "maker/derivative");
  const std::string before = derivative.SerializeAsString();
  JoinBases(Table(), bases, derivative);
  EXPECT_EQ(derivative.SerializeAsString(), before);
}

}  // namespace
}  // namespace modelwatch::evaluator
