// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/front_matter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace modelwatch::evaluator {
namespace {

using ::testing::ElementsAre;

TEST(FrontMatterTest, ReadsOneLicenceAndAList) {
  EXPECT_THAT(ReadFrontMatter("---\nlicense: mit\n---\n# Card").licences, ElementsAre("mit"));
  EXPECT_THAT(ReadFrontMatter("---\nlicense:\n- mit\n- apache-2.0\n---\n").licences,
              ElementsAre("mit", "apache-2.0"));
}

TEST(FrontMatterTest, ReadsWhatBelongsToOther) {
  const CardDeclared card = ReadFrontMatter(
      "---\nlicense: other\nlicense_name: some-nc\nlicense_link: LICENSE\n"
      "extra_gated_prompt: agree\nextra_gated_eu_disallowed: true\n---\n");
  EXPECT_EQ(card.license_name, "some-nc");
  EXPECT_EQ(card.license_link, "LICENSE");
  EXPECT_EQ(card.gated_prompt, "agree");
  EXPECT_TRUE(card.excludes_eu);
}

TEST(FrontMatterTest, CallsBrokenWhatIsBroken) {
  EXPECT_TRUE(ReadFrontMatter("---\nlicense: [mit\n---\n").is_broken);
  EXPECT_TRUE(ReadFrontMatter("---\nlicense: mit\n").is_broken);
  EXPECT_TRUE(ReadFrontMatter("---\nkey: " + std::string(300 << 10, 'x') + "\n---\n").is_broken);
  EXPECT_TRUE(ReadFrontMatter("---\na: " + std::string(5000, '[') + "\n---\n").is_broken);
  EXPECT_TRUE(ReadFrontMatter("---\nb: 1\na:\n " +
                              [] {
                                std::string dashes;
                                for (int i = 0; i < 5000; ++i) dashes += "- ";
                                return dashes;
                              }() +
                              "x\n---\n")
                  .is_broken);
}

TEST(FrontMatterTest, RefusesABombOfAliases) {
  std::string bomb = "---\na0: &a0 [x]\n";
  for (int i = 1; i < 90; ++i) {
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) +
            ", *a" + std::to_string(i - 1) + "]\n";
  }
  EXPECT_TRUE(ReadFrontMatter(bomb + "---\n").is_broken);
}

TEST(FrontMatterTest, SeesNoneWhereThereIsNone) {
  EXPECT_FALSE(ReadFrontMatter("# Card\n---\nlicense: mit\n---\n").has_block);
  EXPECT_FALSE(ReadFrontMatter("").has_block);
}

TEST(FrontMatterTest, TakesAParagraphBetweenRulesAsText) {
  const std::string text = "---\nNo commercial use is allowed\n---\nrest";
  EXPECT_EQ(SplitFrontMatter(text).body, text);
}

}  // namespace
}  // namespace modelwatch::evaluator
