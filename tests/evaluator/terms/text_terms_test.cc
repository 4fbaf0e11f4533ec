// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/text_terms.h"

#include <gtest/gtest.h>

#include <string>

#include "evaluator/license/corpus_builder.h"
#include "evaluator/terms/lattice.h"
#include "testing/own_licences.h"
#include "testing/status_matchers.h"

namespace modelwatch::evaluator {
namespace {

// With a corpus that has none of these words.
TextTerms Read(std::string_view text) {
  static const Corpus* corpus = [] {
    CorpusBuilder builder;
    EXPECT_OK(builder.AddFile("garden.LICENSE", testing::kGardenLicence));
    return Corpus::Make(*builder.Build())->release();
  }();
  static const Matcher matcher(*corpus);
  return TermsOfText({&matcher, &TermsTable::Builtin()}, text);
}

uint32_t Low(const TextTerms& read, std::string_view scenario) {
  return FindOutcome(read.terms, scenario)->interval().low();
}

TEST(TextTermsTest, ReadsASentenceThatNothingTellsForALicence) {
  const TextTerms read = Read("Please do not use these weights commercially.\n");
  EXPECT_EQ(read.finding.status(), v1::NONE);
  EXPECT_GE(Low(read, "com_small"), kNeedsLicence);
  EXPECT_EQ(Low(read, "academic_research"), kFree);
}

TEST(TextTermsTest, KeepsProseThatSaysNothingUnknown) {
  const TextTerms read = Read("The weights were trained on letters to a garden.\n");
  EXPECT_EQ(read.finding.status(), v1::NONE);
  EXPECT_EQ(Low(read, "com_small"), kFree);
  EXPECT_EQ(FindOutcome(read.terms, "com_small")->interval().high(), kProhibited);
}

TEST(TextTermsTest, ReadsNoClauseInAnErrorPage) {
  const TextTerms read = Read(
      "<!DOCTYPE html><html><head><title>403 Forbidden</title></head><body><h1>Forbidden</h1>"
      "<p>You may not use this for commercial purposes without access.</p></body></html>");
  EXPECT_EQ(read.finding.status(), v1::NONE);
  EXPECT_EQ(Low(read, "com_small"), kFree);
}

}  // namespace
}  // namespace modelwatch::evaluator
