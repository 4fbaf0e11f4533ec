// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/front_matter.h"

#include <gtest/gtest.h>

#include "replay_hub/recorded_card.h"

namespace modelwatch::replay_hub {
namespace {

TEST(FrontMatterTest, BecomesTheJsonThatTheHubSends) {
  const FrontMatter read = ReadFrontMatter(
      "---\nlicense: [mit, apache-2.0]\nn: 3\nlanguage: no\nx: \"1\"\nnone: ~\nok: true\n---\n# "
      "A\n");
  EXPECT_EQ(read.state, FrontMatterState::kRead);
  EXPECT_EQ(
      read.card_data,
      R"({"license":["mit","apache-2.0"],"n":3,"language":"no","x":"1","none":null,"ok":true})");
}

TEST(FrontMatterTest, MayBeginAfterBlankLines) {
  EXPECT_EQ(ReadFrontMatter("\n\n---\nlicense: mit\n---\n").card_data, R"({"license":"mit"})");
}

TEST(FrontMatterTest, EndsAtAFenceWithoutALineEnd) {
  EXPECT_EQ(ReadFrontMatter("---\r\nlicense: mit\r\n---").card_data, R"({"license":"mit"})");
}

TEST(FrontMatterTest, IsAbsentFromACardWithoutAFence) {
  EXPECT_EQ(ReadFrontMatter("# A card\n---\nlicense: mit\n---\n").state, FrontMatterState::kAbsent);
  EXPECT_EQ(ReadFrontMatter("----\nline\n---\n").state, FrontMatterState::kAbsent);
  EXPECT_EQ(ReadFrontMatter("").state, FrontMatterState::kAbsent);
}

TEST(FrontMatterTest, IsUnterminatedWithoutAClosingFence) {
  const FrontMatter read = ReadFrontMatter("---\nlicense: mit\n----\n--- x\n");
  EXPECT_EQ(read.state, FrontMatterState::kUnterminated);
  EXPECT_EQ(read.card_data, "");
}

TEST(FrontMatterTest, IsBrokenWhenItIsNotAMapping) {
  for (const char* card : {"---\n- a\n- b\n---\n", "---\nwords\n---\n", "---\na: @b\n---\n",
                           "---\na: [1\n---\n", "---\na: 1\na: 2\n---\n"}) {
    EXPECT_EQ(ReadFrontMatter(card).state, FrontMatterState::kBroken) << card;
  }
}

TEST(FrontMatterTest, IsBrokenWhenItIsNestedTooDeep) {
  const std::string deep = "---\na: " + std::string(200, '[') + std::string(200, ']') + "\n---\n";
  EXPECT_EQ(ReadFrontMatter(deep).state, FrontMatterState::kBroken);
}

TEST(RecordedCardTest, DeclaresTheFactsAndReadsBackAsThem) {
  const CardFacts facts{.name = "acme/model: one",
                        .licences = {"other"},
                        .license_name = "Licence \"of\" A, B + C",
                        .license_link = "LICENSE",
                        .base_model = "base/one",
                        .pipeline_tag = "text-generation",
                        .library_name = "",
                        .origin = "github"};
  const Metadata metadata = MetadataOf(facts);
  EXPECT_EQ(
      metadata.card_data_json,
      R"({"license":"other","license_name":"Licence \"of\" A, B + C",)"
      R"("license_link":"LICENSE","base_model":"base/one","pipeline_tag":"text-generation"})");
  EXPECT_EQ(metadata.tags, (std::vector<std::string>{"text-generation", "license:other",
                                                     "base_model:base/one", "region:us"}));
}

TEST(RecordedCardTest, HasNoBlockWhenNothingIsDeclared) {
  CardFacts facts;
  facts.name = "a/b";
  facts.origin = "github";
  EXPECT_EQ(CardOf(facts), "# a/b\n\nFacts about a/b, recorded at github.\n");
}

}  // namespace
}  // namespace modelwatch::replay_hub
