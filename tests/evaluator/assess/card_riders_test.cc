// SPDX-License-Identifier: Apache-2.0
#include "evaluator/assess/card_riders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evaluator/assess/card_sections.h"

namespace modelwatch::evaluator {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string ClauseOf(std::string_view card) {
  const CardRiders read = ReadRiders(card);
  return read.riders.empty() ? "" : read.riders.front().clause;
}

TEST(CardRidersTest, HearsThemBelowAHeadingThatSaysOpenSource) {
  EXPECT_EQ(ClauseOf("# My open source model\n\nFor research purposes only.\n"), "rider.research");
  EXPECT_EQ(ClauseOf("# Sources\n\nFor research purposes only.\n"), "");
}

TEST(CardRidersTest, HearsWordsThatNarrowTheLicence) {
  const std::pair<const char*, const char*> said[] = {
      {"This model is released for research purposes only.", "rider.research"},
      {"The model is for research use only.", "rider.research"},
      {"For research purposes only.", "rider.research"},
      {"The weights may only be used for academic research purposes.", "rider.research"},
      {"This model is licensed for non-commercial use only.", "rider.noncommercial"},
      {"The ASR model parameters are made available for non-commercial use only, under a licence.",
       "rider.noncommercial"},
      {"Contents of this repository are restricted to only non-commercial research purposes.",
       "rider.noncommercial"},
      {"This model may not be used for commercial purposes.", "rider.commercial_ban"},
      {"You may not use this model for commercial purposes.", "rider.commercial_ban"},
      {"Commercial use of this model is strictly prohibited.", "rider.commercial_ban"},
      {"Commercial use is not allowed.", "rider.commercial_ban"},
      {"Not for commercial use.", "rider.commercial_ban"},
      {"By using this model you agree to the acceptable use policy.", "rider.agreement"},
      {"By downloading these weights, you agree not to generate harmful text.", "rider.agreement"},
  };
  for (const auto& [words, clause] : said) EXPECT_EQ(ClauseOf(words), clause) << words;
}

TEST(CardRidersTest, HearsNoTermInSuggestionsOrInTalkOfOtherThings) {
  for (const char* words : {
           "This model is intended for research use only.",
           "It should only be used for research purposes.",
           "The model is intended to be used for research purposes.",
           "The dataset is for non-commercial research use only.",
           "Usage of the dataset is restricted to non-commercial research purposes only.",
           "The paper is available for personal use only.",
           "Free for research and commercial use.",
           "This model can be used for commercial purposes.",
           "The model may be used for both commercial and non-commercial purposes.",
           "Unlike LLaMA, which is licensed for research purposes only, this one is open.",
           "The base model is licensed for non-commercial use only.",
           "We assume that it may only be used for research purposes and not commercially.",
           "Can I use this model for commercial purposes?",
           "Please contact us for any requests regarding commercial use.",
           "The model is not limited to research use.",
           "If you use this model for commercial purposes, cite us.",
           "Research shows that the model may not be used reliably on poems.",
           "The library is for non-commercial use only.",
           "The model was only evaluated for research benchmarks.",
       }) {
    EXPECT_EQ(ClauseOf(words), "") << words;
  }
}

TEST(CardRidersTest, TellsLineWordsAndDimension) {
  const CardRiders read = ReadRiders(
      "---\nlicense: mit\n---\n# M\n\nHello.\n\nThis model is released for research\npurposes "
      "only.\n");
  ASSERT_THAT(read.riders, SizeIs(1));
  EXPECT_EQ(read.riders[0].line, 8u);
  EXPECT_EQ(read.riders[0].dimension, "purpose");
  EXPECT_EQ(read.dimensions.purpose(), 2u);
}

TEST(CardRidersTest, TakesAWayOutOfABanForApproval) {
  const CardRiders read =
      ReadRiders("The model may not be used for commercial purposes without written permission.\n");
  EXPECT_EQ(read.dimensions.purpose(), 1u);
  EXPECT_EQ(read.dimensions.approval(), 2u);
  EXPECT_THAT(ReadRiders("Commercial use requires a license of the server.\n").riders, IsEmpty());
}

TEST(CardRidersTest, PassesOverCodeTablesAndSectionsAboutOtherThings) {
  for (const char* card : {
           "```\nThis model is for research use only.\n```\n",
           "| This model is for research use only. |\n",
           "## Training data\nIt is for research use only.\n",
           "## Citation\nThis model is released for research purposes only.\n",
       }) {
    EXPECT_EQ(ClauseOf(card), "") << card;
  }
  EXPECT_EQ(ClauseOf("## License\nThis model is for research use only.\n"), "rider.research");
}

TEST(CardRidersTest, StaysBoundedOnAnyBytes) {
  EXPECT_THAT(ReadRiders("").riders, IsEmpty());
  EXPECT_THAT(ReadRiders(std::string("\0\xFF\xFE", 3)).riders, IsEmpty());
  EXPECT_THAT(ReadRiders(std::string(size_t{2} << 20, 'r')).riders, IsEmpty());
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "This model is for research use only.\n\n";
  EXPECT_LE(ReadRiders(many).riders.size(), 32u);
}

TEST(CardSectionsTest, FindsWhatStandsBelowALicenceHeading) {
  const std::string card = "# M\n## License\nline\n### Details\nmore\n## Next\nother\n";
  const std::vector<CardSection> sections = LicenceSections(card);
  ASSERT_THAT(sections, SizeIs(1));
  EXPECT_EQ(sections[0].text, "line\n### Details\nmore\n");
  EXPECT_EQ(sections[0].line, 2u);
  EXPECT_THAT(LicenceSections("## Usage\nlicense\n"), IsEmpty());
}

TEST(CardSectionsTest, KeepsAParagraphWholeAndAListApart) {
  const std::vector<CardParagraph> found = Paragraphs("# Head\none\ntwo\n\n- a\n- b\n");
  ASSERT_THAT(found, SizeIs(3));
  EXPECT_EQ(found[0].text, "one\ntwo");
  EXPECT_EQ(found[0].heading, "head");
  EXPECT_EQ(found[2].text, "- b");
  EXPECT_EQ(found[2].line, 6u);
}

}  // namespace
}  // namespace modelwatch::evaluator
