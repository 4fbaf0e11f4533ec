// SPDX-License-Identifier: Apache-2.0
// One sentence after a plain permission, in many wordings: which interval comes out.
#include "evaluator/terms/reading_terms.h"

#include <gtest/gtest.h>

#include <span>
#include <string>

#include "evaluator/terms/lattice.h"

namespace modelwatch::evaluator {
namespace {

constexpr const char* kGrant =
    "Permission is hereby granted to use, copy, modify and distribute the Model.\n\n";

v1::Terms Read(const std::string& text) {
  return TermsOfReading(TermsTable::Builtin(), ReadClauses(text));
}

struct Row {
  const char* sentence;
  const char* scenario;
  uint32_t low, high;
};

void ExpectRows(std::span<const Row> rows) {
  for (const Row& row : rows) {
    const v1::Terms terms = Read(std::string(kGrant) + row.sentence);
    const v1::Interval& interval = FindOutcome(terms, row.scenario)->interval();
    EXPECT_EQ(interval.low(), row.low) << row.scenario << ": " << row.sentence;
    EXPECT_EQ(interval.high(), row.high) << row.scenario << ": " << row.sentence;
  }
}

TEST(ReadingTermsTest, FreesWhatIsPermittedAndNotBound) {
  const v1::Terms terms = Read(kGrant);
  for (const v1::Outcome& outcome : terms.outcomes()) {
    EXPECT_EQ(outcome.interval().low(), 0u) << outcome.scenario();
    EXPECT_EQ(outcome.interval().high(), 0u) << outcome.scenario();
  }
}

TEST(ReadingTermsTest, ReadsBansOnCommercialUse) {
  const Row rows[] = {
      {"The Model may not be used for commercial purposes.", "com_tiny", 3, 3},
      {"You shall not use the Model or its derivatives commercially.", "com_giant", 3, 3},
      {"Commercial use is strictly prohibited.", "com_small", 3, 3},
      {"The license covers non-commercial use only.", "com_small", 3, 3},
      {"You may use the Model solely for non-commercial purposes.", "com_mid", 3, 3},
      {"Use is restricted to academic research.", "com_small", 3, 3},
      {"The weights are provided for research purposes only.", "com_tiny", 3, 3},
      {"You may not use the Model for commercial purposes without our prior written consent.",
       "com_small", 2, 3},
      {"For commercial use you must obtain a separate license from Example.", "com_small", 0, 3},
  };
  ExpectRows(rows);
}

TEST(ReadingTermsTest, TakesNoBanFromNegationsAndDefinitions) {
  const Row rows[] = {
      {"Nothing in this license prohibits commercial use.", "com_tiny", 0, 0},
      {"Use of the Model is not limited to non-commercial purposes.", "com_tiny", 0, 0},
      {"You may use it for any purpose, including commercially.", "com_tiny", 0, 0},
      {"Commercial and non-commercial use is permitted.", "com_tiny", 0, 0},
      {"This is not a non-commercial license.", "com_tiny", 0, 0},
      {"Commercial use is not prohibited.", "com_tiny", 0, 0},
      {"There is no restriction on commercial use.", "com_tiny", 0, 0},
      {"\"Weights\" means the numerical parameters of the Model.", "com_tiny", 0, 0},
      {"IN NO EVENT SHALL THE AUTHORS BE LIABLE FOR ANY LOSS OF REVENUE OR PROFIT.", "com_tiny", 0,
       0},
      {"The Model is provided \"as is\", without warranty of any kind.", "com_tiny", 0, 0},
      {"This agreement is governed by the laws of Freedonia, without regard to conflicts of law.",
       "com_tiny", 0, 0},
      {"You must keep the copyright notice in every copy.", "redistribute_verbatim", 0, 0},
  };
  ExpectRows(rows);
}

TEST(ReadingTermsTest, ReadsThresholdsInAnyWording) {
  const Row rows[] = {
      {"If you have more than 700 million monthly active users you must request a license.",
       "com_giant", 2, 2},
      {"If you have more than seven hundred million monthly active users you must request a "
       "license.",
       "com_xl", 0, 0},
      {"Companies with over 100,000,000 monthly active users must request a license from us.",
       "com_xl", 2, 2},
      {"Anyone with more than 100M monthly active users must contact us for a license.", "com_xl",
       2, 2},
      {"If your services reach over 2M people every month you must request a license.", "com_mid",
       2, 2},
      {"If your annual revenue exceeds $20M, you must obtain a license.", "com_large", 2, 2},
      {"If your annual revenue exceeds USD 1 million, you must obtain a commercial license.",
       "com_small", 2, 2},
      {"If your annual revenue exceeds 1,000,000 US dollars, you must obtain a commercial license.",
       "com_tiny", 0, 0},
      {"If your monthly revenue exceeds 20 million US dollars you must obtain a license.",
       "com_mid", 0, 0},
      {"Entities with annual revenue above EUR 10 million need a separate license.", "com_mid", 2,
       2},
      {"Products with more than 100 million monthly active users shall prominently display the "
       "name of the Model.",
       "com_giant", 1, 1},
  };
  ExpectRows(rows);
}

TEST(ReadingTermsTest, ReadsRegionsFieldsAndTheRest) {
  const Row rows[] = {
      {"This license does not apply in the European Union.", "eu_com_small", 3, 3},
      {"\"Territory\" means the world, excluding the European Union, the United Kingdom and South "
       "Korea.",
       "uk_kr_com_small", 3, 3},
      {"No rights are granted to individuals domiciled in the European Union.", "eu_personal", 3,
       3},
      {"You may not use the Model for military purposes.", "military_use", 3, 3},
      {"You may not redistribute the Model.", "redistribute_verbatim", 3, 3},
      {"You may not create derivative works of the Model.", "ship_closed_derivative", 3, 3},
      {"You shall not use the outputs to train any other large language model.",
       "train_other_model_on_outputs", 3, 3},
      {"You may not offer the Model as a hosted service.", "maas_small", 2, 2},
      {"Derivatives must have a name that begins with \"Meadow\".", "name_derivative_freely", 3, 3},
      {"You must prominently display \"Built with Meadow\" on your website.", "no_display_duty", 1,
       1},
      {"We may terminate this license at any time for any reason.", "rely_irrevocably", 1, 1},
      {"We may modify this agreement at any time.", "rely_irrevocably", 3, 3},
      {"If you commence a lawsuit against us over intellectual property, all licenses granted to "
       "you "
       "shall terminate as of the date such lawsuit is brought.",
       "sue_licensor_ip", 0, 3},
      {"If you institute patent litigation over the Model, any patent licenses granted to you "
       "terminate.",
       "sue_licensor_ip", 1, 2},
  };
  ExpectRows(rows);
}

TEST(ReadingTermsTest, ReadsChinese) {
  const Row rows[] = {
      {"\xE7\xA6\x81\xE6\xAD\xA2\xE5\x95\x86\xE4\xB8\x9A\xE7\x94\xA8\xE9\x80\x94\xE3\x80\x82",
       "com_small", 3, 3},
      {"仅限非商业用途。", "com_small", 3, 3},
      {"模型仅限学术研究使用。", "com_small", 3, 3},
      {"您不得将本模型用于军事用途。", "military_use", 3, 3},
      {"不得将输出用于训练其他模型。", "train_other_model_on_outputs", 3, 3},
      {"月活跃用户超过1亿的，须向我们申请授权。", "com_xl", 2, 2},
      {"本协议不适用于欧盟。", "eu_com_small", 3, 3},
  };
  ExpectRows(rows);
}

// A sentence that is not understood leaves open what it may be about, and never says free.
TEST(ReadingTermsTest, LeavesOpenWhatItDoesNotUnderstand) {
  const Row rows[] = {
      {"Only for use in Example apps.", "com_tiny", 0, 3},
      {"Usage commercial interdit sans accord.", "com_tiny", 0, 3},
      {"Commercial use costs 500 dollars a year.", "com_tiny", 0, 3},
      {"All commercial rights are reserved.", "com_tiny", 0, 3},
      {"Employees of competitors must not access the Model.", "com_tiny", 0, 3},
      {"Nur zu privaten Zwecken.", "com_tiny", 0, 3},
      {"You must not do what the elders would frown upon.", "com_tiny", 0, 3},
      {"Nur f\xC3\xBCr nichtkommerzielle Zwecke.", "com_tiny", 0, 3},
      {"Usage commercial interdit sans accord \xC3\xA9"
       "crit.",
       "com_tiny", 0, 3},
  };
  ExpectRows(rows);
}

TEST(ReadingTermsTest, FreesNothingWithoutAPermission) {
  const v1::Terms terms = Read("This is the model of the Meadow project.");
  for (const v1::Outcome& outcome : terms.outcomes()) {
    EXPECT_EQ(outcome.interval().high(), 3u) << outcome.scenario();
  }
}

TEST(ReadingTermsTest, CitesTheSentenceThatBindsAndTheOneThatLeavesOpen) {
  const v1::Terms terms = Read(
      std::string(kGrant) + "Commercial use\nis prohibited.\n\nYou may only share it on Mondays.");
  const v1::Outcome& bound = *FindOutcome(terms, "com_tiny");
  ASSERT_GT(bound.because_size(), 0);
  EXPECT_EQ(bound.because(0).clause(), "purpose.noncommercial");
  EXPECT_EQ(bound.because(0).line(), 3u);
  EXPECT_EQ(bound.because(0).text(), "Commercial use is prohibited");
  const v1::Outcome& open = *FindOutcome(terms, "redistribute_verbatim");
  ASSERT_GT(open.because_size(), 0);
  EXPECT_EQ(open.because(open.because_size() - 1).line(), 6u);
}

const char* const kSentences[] = {"Commercial use is prohibited.",
                                  "You may not redistribute the Model.",
                                  "Use is limited to research.",
                                  "This license does not apply in the European Union.",
                                  "You must register before commercial use.",
                                  "If your annual revenue exceeds $20M, you must obtain a license.",
                                  "Contact us for a commercial license.",
                                  "You must display our logo.",
                                  "We may terminate this license at any time.",
                                  "You may only share it on Mondays.",
                                  "Nothing in this license prohibits commercial use.",
                                  "You shall not offer it as a hosted service unless we agree."};

// What may happen only grows with every sentence that binds.
TEST(ReadingTermsTest, NeverLowersAHighBoundByAddingARestriction) {
  for (const char* first : kSentences) {
    const std::string text = std::string(kGrant) + first + "\n\n";
    const v1::Terms before = Read(text);
    for (const char* second : kSentences) {
      const v1::Terms after = Read(text + second + "\n");
      for (int i = 0; i < before.outcomes_size(); ++i) {
        EXPECT_GE(after.outcomes(i).interval().high(), before.outcomes(i).interval().high())
            << first << " + " << second << ": " << after.outcomes(i).scenario();
      }
    }
  }
}

TEST(ReadingTermsTest, ReadsTheSameHoweverTheLinesAreBroken) {
  for (const char* first : kSentences) {
    std::string broken = kGrant, flat = kGrant;
    for (const char* c = first; *c != '\0'; ++c) broken.push_back(*c == ' ' ? '\n' : *c);
    flat += first;
    const v1::Terms then = Read(flat), now = Read(broken);
    for (int i = 0; i < then.outcomes_size(); ++i) {
      EXPECT_EQ(then.outcomes(i).interval().low(), now.outcomes(i).interval().low()) << first;
      EXPECT_EQ(then.outcomes(i).interval().high(), now.outcomes(i).interval().high()) << first;
    }
  }
}

TEST(ReadingTermsTest, ReadsAnItemUnderItsIntroduction) {
  const v1::Terms terms = Read(std::string(kGrant) +
                               "You may not:\n(a) redistribute the Model;\n(b) use it for military "
                               "purposes.\n");
  EXPECT_EQ(FindOutcome(terms, "redistribute_verbatim")->interval().low(), 3u);
  EXPECT_EQ(FindOutcome(terms, "military_use")->interval().low(), 3u);
}

TEST(ReadingTermsTest, StopsReadingWhatNoLicenceIsAsLongAs) {
  std::string text = kGrant;
  for (int i = 0; i < 40'000; ++i) text += "Sentence number " + std::to_string(i) + " says this. ";
  const v1::Terms terms = Read(text);
  EXPECT_EQ(FindOutcome(terms, "com_tiny")->interval().high(), 3u);
}

}  // namespace
}  // namespace modelwatch::evaluator
