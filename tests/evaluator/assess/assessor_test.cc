// SPDX-License-Identifier: Apache-2.0
#include "evaluator/assess/assessor.h"

#include <gtest/gtest.h>

#include "evaluator/assess/shift.h"
#include "evaluator/terms/lattice.h"
#include "made_release.h"

namespace modelwatch::evaluator {
namespace {

v1::Shift ShiftOf(const v1::Assessment& then, const v1::Assessment& now,
                  std::string_view then_text = "", std::string_view now_text = "") {
  return ShiftBetween(Release::assessor().judge(), then, now, {then_text, now_text});
}

TEST(AssessorTest, KnowsAPermissiveText) {
  const v1::Assessment assessment = Release().Tag("mit").File("LICENSE", PermissiveText()).Assess();
  EXPECT_EQ(assessment.licence(), "MIT");
  EXPECT_EQ(assessment.status(), v1::EXACT);
  EXPECT_EQ(assessment.terms_class(), "permissive");
  EXPECT_EQ(At(assessment, "com_tiny").high(), kFree);
  EXPECT_EQ(assessment.conflicts_size(), 0);
  EXPECT_FALSE(assessment.has_licence_terms());
}

TEST(AssessorTest, LetsTextOutrankTagAndNamesTheConflict) {
  const std::string text =
      PermissiveText() + "\nThe materials may not be used for any commercial purpose.\n";
  const v1::Assessment assessment = Release().Tag("mit").File("LICENSE", text).Assess();
  EXPECT_EQ(assessment.status(), v1::MODIFIED);
  EXPECT_EQ(assessment.licence(), "");
  EXPECT_EQ(At(assessment, "com_tiny").low(), kProhibited);
  EXPECT_EQ(assessment.terms_class(), "noncommercial");
  ASSERT_GE(assessment.conflicts_size(), 1);
  EXPECT_EQ(assessment.conflicts(0).claims(), v1::HUB_TAG);
  const v1::Outcome* outcome = FindOutcome(assessment.terms(), "com_tiny");
  EXPECT_EQ(outcome->because(0).path(), "LICENSE");
  EXPECT_GT(outcome->because(0).line(), 0u);
}

// As an editor on Windows writes it, with a byte order mark.
std::string Utf16(std::string_view ascii) {
  std::string wide = "\xFF\xFE";
  for (const char c : ascii) (wide += c) += '\0';
  return wide;
}

TEST(AssessorTest, ReadsTheClausesOfAUtf16Licence) {
  const std::string text =
      PermissiveText() + "\nThe materials may not be used for any commercial purpose.\n";
  const v1::Assessment assessment = Release().File("LICENSE", Utf16(text)).Assess();
  EXPECT_EQ(At(assessment, "com_tiny").low(), kProhibited);
  EXPECT_EQ(assessment.terms_class(), "noncommercial");
  const v1::Assessment plain = Release().File("LICENSE", Utf16(PermissiveText())).Assess();
  EXPECT_EQ(plain.licence(), "MIT");
}

TEST(AssessorTest, LeavesWhatIsNotStatedUnknown) {
  const v1::Assessment assessment = Release().Assess();
  EXPECT_EQ(assessment.terms_class(), "unknown");
  EXPECT_EQ(At(assessment, "com_tiny").low(), kFree);
  EXPECT_EQ(At(assessment, "com_tiny").high(), kProhibited);
}

TEST(AssessorTest, ResolvesOtherByItsName) {
  Release release;
  release.Tag("other").seen().mutable_declared()->set_license_name("Apache 2.0");
  EXPECT_EQ(release.Assess().licence(), "Apache-2.0");
}

TEST(AssessorTest, AppliesSeveralTagsTogether) {
  const v1::Assessment assessment = Release().Tag("mit").Tag("cc-by-nc-4.0").Assess();
  EXPECT_EQ(At(assessment, "com_tiny").low(), kProhibited);
}

TEST(AssessorTest, CountsGateAndPresenceAsTerms) {
  Release gated;
  gated.Tag("mit").seen().mutable_access()->set_gate(v1::MANUAL);
  const v1::Assessment assessment = gated.Assess();
  EXPECT_EQ(At(assessment, "com_tiny").low(), kNeedsLicence);
  EXPECT_EQ(FindOutcome(assessment.licence_terms(), "com_tiny")->interval().high(), kFree);
  Release gone;
  gone.seen().mutable_access()->set_presence(v1::REMOVED);
  const v1::Assessment open = Release().Tag("mit").Assess();
  const v1::Assessment removed = gone.Assess(&open);
  EXPECT_EQ(removed.licence(), "MIT");
  EXPECT_EQ(removed.terms_class(), "unavailable");
  EXPECT_EQ(At(removed, "personal_use").low(), kProhibited);
}

TEST(AssessorTest, ReadsAClauseInTheGatesPrompt) {
  Release gated;
  gated.Tag("mit").seen().mutable_access()->set_gate(v1::AUTO);
  gated.seen().mutable_declared()->set_gated_prompt(
      "I agree not to use the model for commercial purposes.");
  EXPECT_EQ(At(gated.Assess(), "com_tiny").low(), kProhibited);
}

TEST(ShiftTest, CallsASwapToANonCommercialLicenceTighter) {
  const v1::Shift shift =
      ShiftOf(Release().Tag("mit").Assess(), Release().Tag("cc-by-nc-4.0").Assess());
  EXPECT_EQ(shift.direction(), v1::TIGHTER);
  EXPECT_EQ(shift.kind(), v1::SWAP);
  EXPECT_EQ(shift.from_licence(), "MIT");
  EXPECT_EQ(shift.to_licence(), "CC-BY-NC-4.0");
}

TEST(ShiftTest, SeesASilentEdit) {
  const std::string before = PermissiveText();
  const std::string after =
      before + "\nThe materials may not be used for any commercial purpose.\n";
  const v1::Assessment then = Release().Tag("mit").File("LICENSE", before).Assess();
  const v1::Assessment now = Release().Tag("mit").File("LICENSE", after).Assess();
  ASSERT_TRUE(TextsNeeded(then, now).has_value());
  const v1::Shift shift = ShiftOf(then, now, before, after);
  EXPECT_EQ(shift.direction(), v1::TIGHTER);
  EXPECT_EQ(shift.kind(), v1::EDIT);
}

TEST(ShiftTest, SaysNothingOfYearAliasAndRename) {
  const v1::Assessment then =
      Release().Tag("apache-2.0").File("LICENSE", PermissiveText()).Assess();
  const v1::Assessment now =
      Release()
          .Tag("Apache 2.0")
          .File("LICENSE.txt", "Copyright (c) 2026 Roe\n\n" + PermissiveText())
          .Assess();
  const v1::Shift shift = ShiftOf(then, now);
  EXPECT_EQ(shift.lost_size(), 0);
  EXPECT_EQ(shift.direction(), v1::SAME);
  EXPECT_EQ(shift.kind(), v1::COSMETIC);
}

TEST(ShiftTest, TellsALossOfAccessApart) {
  const v1::Assessment open = Release().Tag("mit").Assess();
  Release gated;
  gated.Tag("mit").seen().mutable_access()->set_gate(v1::AUTO);
  const v1::Shift shift = ShiftOf(open, gated.Assess());
  EXPECT_EQ(shift.kind(), v1::ACCESS);
  EXPECT_EQ(shift.direction(), v1::TIGHTER);
  EXPECT_EQ(shift.lost(0).because(0).clause(), "gate.auto");
}

TEST(ShiftTest, KnowsALossOfAccessWhereTheLicenceIsUnknown) {
  const v1::Assessment open = Release().Tag("other").Assess();
  Release gated;
  gated.Tag("other").seen().mutable_access()->set_gate(v1::AUTO);
  const v1::Shift on = ShiftOf(open, gated.Assess());
  EXPECT_EQ(on.kind(), v1::ACCESS);
  EXPECT_EQ(on.direction(), v1::TIGHTER);
  const v1::Shift off = ShiftOf(gated.Assess(), open);
  EXPECT_EQ(off.direction(), v1::LOOSER);
  Release gone;
  gone.Tag("other").seen().mutable_access()->set_presence(v1::REMOVED);
  EXPECT_EQ(ShiftOf(open, gone.Assess(&open)).direction(), v1::TIGHTER);
}

TEST(ShiftTest, CountsNoAccessThatTheLicenceHadTakenBefore) {
  const v1::Assessment open = Release().Tag("cc-by-nc-4.0").Assess();
  Release gone;
  gone.seen().mutable_access()->set_presence(v1::REMOVED);
  const v1::Shift shift = ShiftOf(open, gone.Assess(&open));
  for (const v1::Move& move : shift.lost()) {
    EXPECT_NE(move.scenario(), "com_small") << "commercial use was prohibited already";
  }
}

TEST(ShiftTest, ComparesAReturnedReleaseByItsLicence) {
  const v1::Assessment open = Release().Tag("mit").Assess();
  Release gone;
  gone.seen().mutable_access()->set_presence(v1::REMOVED);
  const v1::Assessment removed = gone.Assess(&open);
  const v1::Shift back = ShiftOf(removed, Release().Tag("cc-by-nc-4.0").Assess());
  EXPECT_EQ(back.kind(), v1::SWAP);
  EXPECT_GT(back.lost_size(), 0);
  const v1::Shift same = ShiftOf(removed, open);
  EXPECT_EQ(same.lost_size(), 0);
  EXPECT_EQ(same.direction(), v1::LOOSER);
}

TEST(ShiftTest, FindsUnknownTermsUnclear) {
  const v1::Shift shift = ShiftOf(Release().Tag("mit").Assess(), Release().Tag("other").Assess());
  EXPECT_EQ(shift.direction(), v1::UNCLEAR);
  EXPECT_EQ(shift.lost_size(), 0);
}

}  // namespace
}  // namespace modelwatch::evaluator
