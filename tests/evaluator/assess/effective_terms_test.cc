// SPDX-License-Identifier: Apache-2.0
// Where the terms of a release may stand, how they join, and what that makes happen.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluator/assess/shift.h"
#include "evaluator/assess/sources.h"
#include "made_release.h"

namespace modelwatch::evaluator {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kRiderCard[] = "# M\n\nThis model is released for research purposes only.\n";

std::string Nonfree() {
  return PermissiveText() + "\nThe materials may not be used for any commercial purpose.\n";
}

std::vector<std::string> Ids(const v1::Assessment& assessment) {
  std::vector<std::string> ids;
  for (const v1::Event& event : assessment.events()) ids.push_back(event.id());
  return ids;
}

const v1::FrameworkVerdict& RedHat(const v1::Assessment& assessment) {
  return assessment.verdicts(0);
}

TEST(EffectiveTermsTest, JoinTheCardsOwnWords) {
  const v1::Assessment assessment =
      Release().Tag("mit").File("LICENSE", PermissiveText()).File("README.md", kRiderCard).Assess();
  EXPECT_EQ(assessment.licence(), "MIT");
  EXPECT_EQ(assessment.status(), v1::EXACT);
  EXPECT_EQ(At(assessment, "com_tiny").low(), kProhibited);
  EXPECT_EQ(At(assessment, "academic_research").high(), kFree);
  const v1::Because& because = FindOutcome(assessment.terms(), "com_tiny")->because(0);
  EXPECT_EQ(because.source(), v1::CARD_PROSE);
  EXPECT_EQ(because.line(), 3u);
  ASSERT_EQ(assessment.conflicts_size(), 1);
  EXPECT_EQ(assessment.conflicts(0).claims(), v1::LICENCE_FILE_TEXT);
  EXPECT_EQ(assessment.conflicts(0).shows(), v1::CARD_PROSE);
  EXPECT_THAT(Ids(assessment), Contains("E9"));
  EXPECT_EQ(RedHat(assessment).criteria(4).answer(), v1::NO) << "RH5";
}

TEST(EffectiveTermsTest, AreTighterWhenARiderIsAdded) {
  const auto with = [](const char* card) {
    return Release().Tag("mit").File("LICENSE", PermissiveText()).File("README.md", card).Assess();
  };
  const v1::Shift shift =
      ShiftBetween(Release::assessor().judge(), with("# M\n"), with(kRiderCard), {});
  EXPECT_EQ(shift.direction(), v1::TIGHTER);
  EXPECT_EQ(shift.kind(), v1::EDIT);
}

TEST(EffectiveTermsTest, StayWhenTheCardOnlySuggests) {
  const v1::Assessment assessment = Release()
                                        .Tag("mit")
                                        .File("LICENSE", PermissiveText())
                                        .File("README.md", "# M\n\nIntended for research use.\n")
                                        .Assess();
  EXPECT_EQ(At(assessment, "com_tiny").high(), kFree);
  EXPECT_EQ(assessment.conflicts_size(), 0);
}

TEST(EffectiveTermsTest, FollowALinkToAFileOfTheRelease) {
  Release release;
  release.Tag("other").File("LICENSE", PermissiveText()).File("terms/MODEL_LICENSE.md", Nonfree());
  v1::Observation& seen = release.seen();
  EXPECT_EQ(GoverningFiles(seen)[0]->path(), "LICENSE");
  for (const char* link : {"terms/MODEL_LICENSE.md", "./terms/MODEL_LICENSE.md",
                           "https://huggingface.co/acme/model/blob/main/terms/MODEL_LICENSE.md"}) {
    seen.mutable_declared()->set_license_link(link);
    ASSERT_EQ(GoverningFiles(seen).size(), 1u);
    EXPECT_EQ(GoverningFiles(seen)[0]->path(), "terms/MODEL_LICENSE.md") << link;
  }
  EXPECT_EQ(At(release.Assess(), "com_tiny").low(), kProhibited);
  seen.mutable_declared()->set_license_link("https://huggingface.co/acme/other/blob/main/LICENSE");
  EXPECT_EQ(LinkedPath(seen), "");
}

TEST(EffectiveTermsTest, ComeFromADocumentOutsideWhenTheReleaseHasNoLicenceOfItsOwn) {
  Release release;
  release.Tag("other").File("https:terms.example/model-licence", Nonfree());
  ASSERT_EQ(GoverningFiles(release.seen()).size(), 1u);
  const v1::Assessment assessment = release.Assess();
  EXPECT_EQ(At(assessment, "com_tiny").low(), kProhibited);
  EXPECT_EQ(assessment.findings().rbegin()->source(), v1::LINK_TARGET);
  EXPECT_EQ(FindOutcome(assessment.terms(), "com_tiny")->because(0).source(), v1::LINK_TARGET);
  EXPECT_EQ(assessment.text_digest(), assessment.findings().rbegin()->digest());
  release.File("LICENSE", PermissiveText());
  ASSERT_EQ(GoverningFiles(release.seen()).size(), 1u);
  EXPECT_EQ(GoverningFiles(release.seen())[0]->path(), "LICENSE");
}

TEST(EffectiveTermsTest, KnowAUsePolicyOutsideByItsAddress) {
  Release release;
  release.Tag("other")
      .File("https:terms.example/licence", PermissiveText())
      .File("https:terms.example/models/use-policy", Nonfree());
  ASSERT_EQ(UsePolicies(release.seen()).size(), 1u);
  EXPECT_EQ(RoleOf("https:terms.example/models/use-policy"), FileRole::kUsePolicy);
  ASSERT_EQ(GoverningFiles(release.seen()).size(), 1u);
  EXPECT_EQ(GoverningFiles(release.seen())[0]->path(), "https:terms.example/licence");
  const v1::Assessment assessment = release.Assess();
  for (const v1::Finding& finding : assessment.findings()) {
    if (finding.path().empty()) continue;
    EXPECT_EQ(finding.source(), v1::LINK_TARGET) << finding.path();
  }
}

TEST(EffectiveTermsTest, ComeFromTheHeaderOfAWeightsFileWhereNothingElseSpeaks) {
  Release release;
  release.File("gguf:model.gguf", "license: cc-by-nc-4.0\n");
  const v1::Assessment assessment = release.Assess();
  EXPECT_EQ(assessment.licence(), "CC-BY-NC-4.0");
  ASSERT_EQ(assessment.findings_size(), 1);
  EXPECT_EQ(assessment.findings(0).source(), v1::GGUF_HEADER);
  EXPECT_EQ(assessment.findings(0).path(), "gguf:model.gguf");
  EXPECT_EQ(assessment.findings(0).declared(), "cc-by-nc-4.0");
  EXPECT_EQ(At(assessment, "com_tiny").low(), kProhibited);
  EXPECT_EQ(FindOutcome(assessment.terms(), "com_tiny")->because(0).source(), v1::GGUF_HEADER);
}

TEST(EffectiveTermsTest, AreTheCardsWhereTheHeaderContradictsItAndThatIsToldAsAConflict) {
  Release release;
  release.Tag("mit").File("gguf:model.gguf", "license: cc-by-nc-4.0\n");
  const v1::Assessment assessment = release.Assess();
  EXPECT_EQ(assessment.licence(), "MIT");
  ASSERT_EQ(assessment.conflicts_size(), 1);
  EXPECT_EQ(assessment.conflicts(0).claims(), v1::HUB_TAG);
  EXPECT_EQ(assessment.conflicts(0).shows(), v1::GGUF_HEADER);
  EXPECT_EQ(assessment.conflicts(0).shown_licence(), "CC-BY-NC-4.0");
  EXPECT_THAT(Ids(assessment), Contains("E9"));
}

TEST(EffectiveTermsTest, AreTheTextsWhereTheHeaderSaysTheSame) {
  Release release;
  release.Tag("mit").File("LICENSE", PermissiveText()).File("gguf:model.gguf", "license: mit\n");
  const v1::Assessment assessment = release.Assess();
  EXPECT_EQ(assessment.status(), v1::EXACT);
  EXPECT_EQ(assessment.conflicts_size(), 0);
}

TEST(EffectiveTermsTest, OfADatasetAreJudgedWithoutTheFrameworksForModels) {
  Release release;
  release.Tag("cc-by-nc-4.0").seen().set_name("datasets/acme/data");
  const v1::Assessment assessment = release.Assess();
  EXPECT_EQ(At(assessment, "com_tiny").low(), kProhibited);
  EXPECT_EQ(assessment.verdicts_size(), 0);
}

TEST(EffectiveTermsTest, ReadTheWordsOfAPdfInItsPlace) {
  Release release;
  release.Tag("other").File("LICENSE.pdf", "%PDF-1.7 ...").File("pdf:LICENSE.pdf", Nonfree());
  ASSERT_EQ(GoverningFiles(release.seen()).size(), 1u);
  EXPECT_EQ(GoverningFiles(release.seen())[0]->path(), "pdf:LICENSE.pdf");
  const v1::Assessment assessment = release.Assess();
  EXPECT_EQ(At(assessment, "com_tiny").low(), kProhibited);
  EXPECT_EQ(assessment.findings().rbegin()->source(), v1::LICENCE_FILE_TEXT);
}

TEST(EffectiveTermsTest, AreOpenWhereAPdfWasNotRead) {
  Release release;
  release.Tag("mit").File("LICENSE.pdf", "%PDF-1.7 ...");
  EXPECT_EQ(At(release.Assess(), "com_tiny").high(), kProhibited);
}

TEST(EffectiveTermsTest, NameALinkThatLeadsNowhere) {
  Release release;
  release.Tag("other").seen().mutable_declared()->set_license_link("LICENSE.md");
  EXPECT_THAT(Ids(release.Assess()), Contains("E13"));
  release.File("LICENSE.md", PermissiveText());
  EXPECT_THAT(Ids(release.Assess()), Not(Contains("E13")));
}

std::string LongLicence() {
  std::string text;
  for (int i = 0; i < 3; ++i) text += testing::OwnLicence("Acme");
  return text + "You may not use the weights for any commercial purpose.\n";
}

TEST(EffectiveTermsTest, ReadALicenceThatStandsInTheGatesPromptAlone) {
  Release release;
  release.Tag("other").seen().mutable_declared()->set_gated_prompt(LongLicence());
  const v1::Assessment assessment = release.Assess();
  EXPECT_EQ(At(assessment, "com_tiny").low(), kProhibited);
  bool is_found = false;
  for (const v1::Finding& finding : assessment.findings()) {
    is_found = is_found || finding.source() == v1::GATE_PROMPT;
  }
  EXPECT_TRUE(is_found);
}

TEST(EffectiveTermsTest, ReadALicenceThatStandsInTheCardAlone) {
  const v1::Assessment assessment =
      Release().Tag("other").File("README.md", "# M\n## License\n" + LongLicence()).Assess();
  EXPECT_EQ(At(assessment, "com_tiny").low(), kProhibited);
  EXPECT_TRUE(assessment.text_digest().empty()) << "no file of its own";
  const v1::Assessment elsewhere =
      Release().Tag("other").File("README.md", "# M\n## Story\n" + LongLicence()).Assess();
  EXPECT_EQ(elsewhere.status(), v1::NONE);
}

TEST(EffectiveTermsTest, AreThoseThatALineBelowALicenceHeadingNames) {
  const auto with = [](const char* section) {
    return Release().File("README.md", std::string("# M\n\n## License\n") + section).Assess();
  };
  const v1::Assessment named = with("This model is released under Apache-2.0.\n");
  EXPECT_EQ(named.licence(), "Apache-2.0");
  EXPECT_EQ(named.status(), v1::MENTION);
  EXPECT_EQ(At(named, "com_tiny").high(), kFree);
  EXPECT_EQ(named.findings(0).source(), v1::CARD_PROSE);
  const v1::Assessment narrowed =
      with("This model is released under Apache-2.0 for research use only.\n");
  EXPECT_EQ(At(narrowed, "com_tiny").low(), kProhibited);
  for (const char* other : {"The dataset is released under Apache-2.0.\n", "Ask us.\n",
                            "Like the original model, whose code is under Apache-2.0.\n"}) {
    EXPECT_EQ(with(other).status(), v1::NONE) << other;
  }
  const v1::Assessment tagged =
      Release().Tag("mit").File("README.md", "# M\n## License\nUnder Apache-2.0.\n").Assess();
  EXPECT_EQ(tagged.licence(), "MIT");
}

TEST(EffectiveTermsTest, MeetOverAChoiceOfLicences) {
  const v1::Assessment choice = Release()
                                    .File("LICENSE-APACHE", testing::kGardenLicence)
                                    .File("LICENSE-MIT", PermissiveText())
                                    .Assess();
  EXPECT_EQ(choice.expression(), "Apache-2.0 OR MIT");
  const v1::Assessment both =
      Release().File("LICENSE", PermissiveText()).File("COPYING", testing::kGardenLicence).Assess();
  EXPECT_THAT(both.expression(), HasSubstr(" AND "));
}

TEST(EffectiveTermsTest, KeepTheCodesLicenceApart) {
  const v1::Assessment assessment = Release()
                                        .Tag("mit")
                                        .File("LICENSE-CODE", testing::kGardenLicence)
                                        .File("LICENSE", PermissiveText())
                                        .Assess();
  EXPECT_EQ(assessment.licence(), "MIT");
  ASSERT_EQ(assessment.components_size(), 1);
  EXPECT_EQ(assessment.components(0).scope(), v1::CODE);
  EXPECT_EQ(assessment.components(0).licence(), "Apache-2.0");
}

TEST(EventsTest, TellOfAUsePolicyByItsWords) {
  const auto with = [](std::string policy, const v1::Assessment* previous) {
    Release release;
    release.Tag("mit").File("LICENSE", PermissiveText());
    if (!policy.empty()) release.File("USE_POLICY.md", std::move(policy));
    return release.Assess(previous);
  };
  const v1::Assessment none = with("", nullptr);
  const v1::Assessment first = with("You may not use the model for military purposes.\n", &none);
  EXPECT_THAT(Ids(first), Contains("E5"));
  const v1::Assessment reflowed =
      with("You may not use the model\n   for *military* purposes.\n", &first);
  EXPECT_THAT(Ids(reflowed), Not(Contains("E5")));
  const v1::Assessment reworded =
      with("You may not use the model for military purposes or surveillance.\n", &reflowed);
  EXPECT_THAT(Ids(reworded), Contains("E5"));
}

TEST(EventsTest, TellOfALicenceThatIsWithdrawn) {
  const v1::Assessment then = Release().Tag("mit").Assess();
  EXPECT_THAT(Ids(Release().Assess(&then)), Contains("E8"));
  EXPECT_THAT(Ids(Release().Tag("other").Assess(&then)), Contains("E8"));
  EXPECT_THAT(Ids(Release().Tag("cc-by-nc-4.0").Assess(&then)), Not(Contains("E8")));
  Release gone;
  gone.seen().mutable_access()->set_presence(v1::REMOVED);
  EXPECT_TRUE(gone.Assess(&then).events().empty());
}

TEST(EventsTest, TellOfATagThatIsLooserThanTheText) {
  const v1::Assessment assessment =
      Release()
          .Tag("mit")
          .File("LICENSE", Nonfree())
          .File("README.md", "# M\n\nThis is a fully open source model.\n")
          .Assess();
  ASSERT_THAT(Ids(assessment), Contains("E9"));
  const v1::Event& event = assessment.events(0);
  EXPECT_THAT(event.text(), HasSubstr("mit"));
  EXPECT_GT(event.scenarios_size(), 0);
  ASSERT_GT(event.because_size(), 0);
  EXPECT_EQ(event.because(0).clause(), "claim.open_source");
  EXPECT_EQ(RedHat(assessment).verdict(), "open washing");
}

}  // namespace
}  // namespace modelwatch::evaluator
