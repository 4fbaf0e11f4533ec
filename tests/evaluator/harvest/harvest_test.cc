// SPDX-License-Identifier: Apache-2.0
#include "evaluator/harvest/harvest.h"

#include <gtest/gtest.h>

#include "evaluator/harvest/proposal.h"
#include "evaluator/license/corpus_builder.h"
#include "testing/own_licences.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/fake_index.h"
#include "tests/testing/observations.h"
#include "tests/testing/status_matchers.h"

namespace modelwatch::evaluator {
namespace {

using testing::FakeIndex;

class HarvestTest : public ::testing::Test {
 protected:
  void SetUp() override {
    CorpusBuilder builder;
    ASSERT_OK(builder.AddFile("plant-1.0.txt", testing::kGardenLicence));
    ASSERT_OK_AND_ASSIGN(const v1::Corpus built, builder.Build());
    ASSERT_OK_AND_ASSIGN(corpus_, Corpus::Make(built));
  }

  void Put(const std::string& id, const std::string& name, const std::string& licence_text,
           int64_t second = 1, const std::string& licence_name = "") {
    v1::PutBatchRequest request;
    v1::PutItem& item = *request.add_items();
    *item.mutable_observation() = testing::ObservationOf(id, second, licence_text.substr(0, 20));
    item.mutable_observation()->set_name(name);
    item.mutable_observation()->mutable_declared()->set_license_name(licence_name);
    testing::AddFile(item, "LICENSE", licence_text);
    testing::AddFile(item, "README.md", "# A card\n" + licence_text);
    ASSERT_OK(index_.PutBatch(request));
  }

  std::vector<Candidate> Harvested() {
    const Matcher matcher(*corpus_);
    auto candidates = Harvest(index_, matcher, BuiltinPromotionRules(), stopper_, nullptr);
    EXPECT_OK(candidates);
    return candidates.ok() ? *std::move(candidates) : std::vector<Candidate>();
  }

  testing::FakeClock clock_;
  FakeIndex index_{clock_};
  common::Stopper stopper_;
  std::unique_ptr<Corpus> corpus_;
};

TEST_F(HarvestTest, ATextOfSeveralReleasesOfItsLicensorIsPromotedAndThenIdentified) {
  const std::string text = testing::OwnLicence("Acme Robotics");
  Put("r1", "acmerobotics/one", text, 10);
  Put("r2", "acmerobotics/two", text, 5);
  const std::vector<Candidate> candidates = Harvested();
  ASSERT_EQ(candidates.size(), 1u);
  const Candidate& candidate = candidates[0];
  EXPECT_EQ(candidate.rule, "named");
  EXPECT_EQ(candidate.key, "acmerobotics-acme-robotics-model-license-agreement");
  EXPECT_EQ(candidate.release_count(), 2u);
  EXPECT_EQ(candidate.source.release, "acmerobotics/two") << "the earliest";
  EXPECT_EQ(candidate.source.path, "LICENSE");
  EXPECT_LT(candidate.first_seen_us, candidate.last_seen_us);

  CorpusBuilder builder;
  ASSERT_OK(builder.AddFile("plant-1.0.txt", testing::kGardenLicence));
  ASSERT_OK(builder.AddFile(candidate.key + ".LICENSE", PromotedFile(candidate)));
  ASSERT_OK_AND_ASSIGN(const v1::Corpus built, builder.Build());
  ASSERT_OK_AND_ASSIGN(corpus_, Corpus::Make(built));
  const v1::Finding finding = Matcher(*corpus_).Identify(text);
  EXPECT_EQ(finding.status(), v1::EXACT) << finding.reason();
  EXPECT_EQ(finding.expression(), "LicenseRef-harvest-" + candidate.key);
  EXPECT_TRUE(Harvested().empty()) << "a reference is no candidate any more";
}

TEST_F(HarvestTest, KnownTextsAndCardsAreNoCandidates) {
  Put("r1", "acmerobotics/one", testing::kGardenLicence);
  Put("r2", "acmerobotics/two", "Just a few words about requirements: torch, numpy.");
  EXPECT_TRUE(Harvested().empty());
}

TEST_F(HarvestTest, AnEarlierVersionOfAReleaseCounts) {
  Put("r1", "acmerobotics/one", testing::OwnLicence("Acme Robotics"), 1);
  Put("r1", "acmerobotics/one", testing::kGardenLicence, 2);
  const std::vector<Candidate> candidates = Harvested();
  ASSERT_EQ(candidates.size(), 1u);
  EXPECT_FALSE(candidates[0].promotes());
  EXPECT_EQ(candidates[0].release_count(), 1u);
}

TEST_F(HarvestTest, TheSameWordsInOtherBytesAreOneCandidate) {
  std::string text = testing::OwnLicence("Acme Robotics");
  Put("r1", "acmerobotics/one", text, 1);
  Put("r2", "acmerobotics/two", "\n\n" + text + "\n", 2);
  const std::vector<Candidate> candidates = Harvested();
  ASSERT_EQ(candidates.size(), 1u);
  EXPECT_EQ(candidates[0].release_count(), 2u);
  EXPECT_EQ(candidates[0].text, text);
  EXPECT_EQ(candidates[0].source.release, "acmerobotics/one");
}

TEST_F(HarvestTest, AnotherEncodingIsNoOtherTextAndBytesAreNone) {
  const std::string text = testing::OwnLicence("Acme Robotics");
  std::string utf16 = "\xFF\xFE";
  for (const char c : text) utf16 += {c, '\0'};
  Put("r1", "acmerobotics/one", text, 1);
  Put("r2", "acmerobotics/two", utf16, 2);
  Put("r3", "acmerobotics/three",
      std::string("\x7F"
                  "ELF\0\1\2\0",
                  8) +
          std::string(900, '\0'),
      3);
  const std::vector<Candidate> candidates = Harvested();
  ASSERT_EQ(candidates.size(), 1u);
  EXPECT_EQ(candidates[0].release_count(), 2u);
}

TEST_F(HarvestTest, TwoTextsOfOneNameGetKeysOfTheirOwn) {
  const std::string text = testing::OwnLicence("Acme Robotics");
  Put("r1", "acmerobotics/one", text, 1);
  Put("r2", "acmerobotics/two", text + "You shall not use the weights on Sundays.\n", 2);
  const std::vector<Candidate> candidates = Harvested();
  ASSERT_EQ(candidates.size(), 2u);
  EXPECT_NE(candidates[0].key, candidates[1].key);
}

TEST_F(HarvestTest, AnIndexThatIsAwayIsAnError) {
  index_.SetAway(true);
  const Matcher matcher(*corpus_);
  EXPECT_TRUE(absl::IsUnavailable(
      Harvest(index_, matcher, BuiltinPromotionRules(), stopper_, nullptr).status()));
}

}  // namespace
}  // namespace modelwatch::evaluator
