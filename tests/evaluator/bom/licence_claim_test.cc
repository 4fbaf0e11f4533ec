// SPDX-License-Identifier: Apache-2.0
#include "evaluator/bom/licence_claim.h"

#include <gmock/gmock.h>

#include "bom_sources.h"

namespace modelwatch::evaluator {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

LicenceClaim Declared(const BomSource& source) {
  return DeclaredClaim(source.release, source.endpoint);
}
LicenceClaim Concluded(const BomSource& source) {
  return ConcludedClaim(source.release, source.endpoint);
}

TEST(LicenceClaimTest, AnExpressionStaysAnExpression) {
  const LicenceClaim claim = Concluded(Judged("a", "mit", "MIT", "mit or (apache-2.0+ and 0bsd)"));
  EXPECT_EQ(claim.expression, "MIT OR Apache-2.0+ AND 0BSD");
  EXPECT_FALSE(claim.is_one);
  EXPECT_THAT(claim.unlisted, IsEmpty());
}

TEST(LicenceClaimTest, AnIdThatSpdxDoesNotListBecomesAReferenceToItsWords) {
  const LicenceClaim claim = Concluded(Judged("a", "mit", "MIT", "unknown"));
  EXPECT_EQ(claim.expression, "LicenseRef-modelwatch-unknown");
  EXPECT_TRUE(claim.is_one);
  ASSERT_THAT(claim.unlisted, SizeIs(1));
  EXPECT_EQ(claim.unlisted[0].name, "unknown");
  EXPECT_THAT(claim.unlisted[0].url, HasSubstr("/owner/a/blob/"));
  EXPECT_EQ(claim.unlisted[0].sha256, common::ToHex(common::Sha256(kText)));
}

TEST(LicenceClaimTest, AnUnknownExceptionMakesNoListedLicence) {
  EXPECT_EQ(Concluded(Judged("a", "mit", "MIT", "Apache-2.0 WITH llvm-exception")).expression,
            "Apache-2.0 WITH LLVM-exception");
  const LicenceClaim claim = Concluded(Judged("a", "mit", "MIT", "MIT WITH my-exception"));
  EXPECT_THAT(claim.expression, StartsWith("LicenseRef-modelwatch-MIT-WITH-my-exception-"));
  EXPECT_EQ(claim.unlisted[0].name, "MIT WITH my-exception");
}

TEST(LicenceClaimTest, ATextThatNobodyKnowsIsNamedByItsDigest) {
  const LicenceClaim claim = Concluded(Judged("a", "other", "", ""));
  EXPECT_THAT(claim.expression, StartsWith("LicenseRef-modelwatch-text-"));
  EXPECT_THAT(claim.unlisted[0].name, HasSubstr(common::ToHex(common::Sha256(kText))));
}

TEST(LicenceClaimTest, WithoutJudgementTextOrTagNothingIsSaid) {
  EXPECT_EQ(Concluded(Unjudged("a", "mit")).expression, "");
  EXPECT_EQ(Declared(Unjudged("a", "")).expression, "");
  EXPECT_EQ(Declared(Unjudged("a", "other")).expression, "");
  EXPECT_EQ(Declared(Unjudged("a", "other")).comment, "declared: other");
  EXPECT_EQ(Concluded(Judged("a", "mit", "MIT", "NOASSERTION")).expression, "");
}

TEST(LicenceClaimTest, ADeclaredValueIsReadAsTheAssessmentReadItOrAsItsSpdxId) {
  EXPECT_EQ(Declared(Judged("a", "gpl", "GPL-3.0-only", "")).expression, "GPL-3.0-only");
  EXPECT_EQ(Declared(Unjudged("a", "apache-2.0")).expression, "Apache-2.0");
  EXPECT_EQ(Declared(Unjudged("a", "llama3")).expression, "LicenseRef-modelwatch-llama3");
}

TEST(LicenceClaimTest, SeveralDeclaredValuesHoldTogetherAlsoOneThatNamesNothing) {
  BomSource source = Unjudged("a", "mit");
  v1::Declared& declared =
      *source.release.mutable_version()->mutable_observation()->mutable_declared();
  declared.add_card_licences("MIT");
  declared.add_card_licences("other");
  EXPECT_EQ(Declared(source).expression, "MIT AND LicenseRef-modelwatch-other");
  declared.set_license_name("mars-1.0");
  declared.set_license_link("LICENSE.md");
  const LicenceClaim claim = Declared(source);
  EXPECT_EQ(claim.expression, "MIT AND LicenseRef-modelwatch-mars-1.0");
  EXPECT_THAT(claim.unlisted[0].url, ::testing::EndsWith("/LICENSE.md"));
}

TEST(LicenceClaimTest, TwoNamesNeverShareAReference) {
  EXPECT_NE(Declared(Unjudged("a", "my licence")).expression,
            Declared(Unjudged("a", "my-licence")).expression);
  EXPECT_NE(Declared(Unjudged("a", std::string(50, 'x') + "1")).expression,
            Declared(Unjudged("a", std::string(50, 'x') + "2")).expression);
}

}  // namespace
}  // namespace modelwatch::evaluator
