// SPDX-License-Identifier: Apache-2.0
// Roles, scopes and captured values, on synthetic licences.
#include "evaluator/license/roles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "evaluator/license/captured.h"
#include "evaluator/license/cues.h"
#include "evaluator/license/parameters.h"
#include "evaluator/license/scope.h"

namespace modelwatch::evaluator {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kParameters = R"(Parameters

Licensor:             Example Works, Inc.
Licensed Work:        Example Vault 1.6. The Licensed Work is (c) 2024
                      Example Works, Inc.
Additional Use Grant: You may make production use of the Licensed Work, provided
                      it is not offered as a service.

                      A second paragraph of the grant.
Change Date:          Four years from the release
Change License:       Example License 2.0

Terms of something else that is no parameter.
)";

std::vector<CueKind> KindsIn(std::string_view text) {
  const std::vector<Token> tokens = Tokenise(text);
  std::vector<CueKind> kinds;
  for (const Cue& cue : FindCues(tokens, 0, tokens.size())) {
    if (!cue.is_void) kinds.push_back(cue.kind);
  }
  return kinds;
}

std::vector<std::string> Fields(std::string_view text) {
  std::vector<std::string> fields;
  for (const v1::CapturedField& field : FieldsIn(text, Tokenise(text))) {
    fields.push_back(field.name() + "=" + field.value() + "@" + std::to_string(field.line()));
  }
  return fields;
}

v1::LicenceScope ScopeOf(std::string_view text, std::string_view name) {
  const std::vector<Token> tokens = Tokenise(text);
  const size_t at = text.find(name);
  size_t begin = 0;
  while (tokens[begin].begin < at) ++begin;
  size_t end = begin;
  while (end < tokens.size() && tokens[end].begin < at + name.size()) ++end;
  return ScopeAround(text, tokens, FindCues(tokens, 0, tokens.size()), {begin, end, false});
}

TEST(CuesTest, FindsAChoiceHoweverItIsWritten) {
  EXPECT_THAT(KindsIn("at your\n * option"), ElementsAre(CueKind::kChoice));
  EXPECT_THAT(KindsIn("It is Dual-Licensed."), ElementsAre(CueKind::kChoice));
}

TEST(CuesTest, TakesLaterVersionsAndDenialsForNoChoice) {
  EXPECT_THAT(KindsIn("version 2, or (at your option) any later version"), IsEmpty());
  EXPECT_THAT(KindsIn("this work is not dual licensed"), IsEmpty());
  EXPECT_THAT(KindsIn("under a dual license, i.e. both the conditions of A and of B apply"),
              IsEmpty());
}

TEST(CuesTest, ReadsChinese) {
  EXPECT_THAT(KindsIn("本代码"), ElementsAre(CueKind::kCode));
  EXPECT_THAT(KindsIn("权重"), ElementsAre(CueKind::kWeights));
}

TEST(ParametersTest, ReadsEachLabelledValue) {
  const auto parameters = FindParameters(kParameters, Tokenise(kParameters));
  ASSERT_EQ(parameters.size(), 5u);
  EXPECT_EQ(parameters[0].value, "Example Works, Inc.");
  EXPECT_EQ(parameters[1].value,
            "Example Vault 1.6. The Licensed Work is (c) 2024 Example Works, Inc.");
  EXPECT_THAT(parameters[2].value, ::testing::EndsWith("A second paragraph of the grant."));
  EXPECT_EQ(parameters[3].line, 10u);
  EXPECT_EQ(parameters[4].name, "change-licence");
  EXPECT_EQ(parameters[4].value, "Example License 2.0");
}

TEST(ParametersTest, LeavesWhatStandsBelowTheBlockAlone) {
  const std::vector<Token> tokens = Tokenise(kParameters);
  size_t last = 0;
  for (const TokenSpan& span : ParameterSpans(kParameters, tokens)) last = std::max(last, span.end);
  ASSERT_LT(last, tokens.size());
  EXPECT_EQ(tokens[last].word, "terms");
}

TEST(ParametersTest, WantsAChangeDateAndAChangeLicence) {
  const std::string_view text = "Licensor: Example Works\nYou may not use it.\n";
  EXPECT_THAT(FindParameters(text, Tokenise(text)), IsEmpty());
  EXPECT_THAT(ParameterSpans(text, Tokenise(text)), IsEmpty());
}

TEST(ScopeTest, GivesEachLicenceOfASentenceItsOwn) {
  const std::string_view text =
      "The code is released under Alpha License and the model weights under Beta License.";
  EXPECT_EQ(ScopeOf(text, "Alpha License"), v1::CODE);
  EXPECT_EQ(ScopeOf(text, "Beta License"), v1::WEIGHTS);
}

TEST(ScopeTest, EndsAtTheSentence) {
  EXPECT_EQ(ScopeOf("The code is open. All of this is under Alpha License.", "Alpha License"),
            v1::LICENCE_SCOPE_UNSPECIFIED);
}

TEST(ScopeTest, ReadsWhatFollowsTheName) {
  EXPECT_EQ(ScopeOf("Alpha License for the dataset", "Alpha License"), v1::DATA);
}

TEST(ScopeTest, SaysNothingWhenTheTextDoesNot) {
  EXPECT_EQ(ScopeOf("Released under Alpha License.", "Alpha License"),
            v1::LICENCE_SCOPE_UNSPECIFIED);
}

TEST(CapturedTest, ReadsHolderAndYear) {
  EXPECT_THAT(Fields("Copyright (c) 2019 Example Works. All rights reserved.\n\nSome words."),
              ElementsAre("date=2019@1", "holder=Example Works@1"));
}

TEST(CapturedTest, PassesOverABlankThatNobodyFilled) {
  EXPECT_THAT(Fields("Copyright [yyyy] [name of owner]\n"), IsEmpty());
}

TEST(CapturedTest, ReadsReleaseDateAndVersion) {
  EXPECT_THAT(Fields("EXAMPLE LICENSE\nExample 3.1 Version Release Date: July 23, 2024\n"),
              ElementsAre("date=July 23, 2024@2", "version=3.1@2"));
}

TEST(CapturedTest, ReadsThresholds) {
  EXPECT_THAT(Fields("if it has greater than 700 million monthly active users in the month"),
              ElementsAre("threshold=700 million monthly active users@1"));
  EXPECT_THAT(Fields("no more than $20 million in annual revenue"),
              ElementsAre("threshold=$20 million in annual revenue@1"));
}

TEST(CapturedTest, TakesNoVersionForAThreshold) {
  EXPECT_THAT(Fields("on the Example 2 version date the monthly active users of your products"),
              IsEmpty());
}

TEST(CapturedTest, ReadsATerritory) {
  EXPECT_THAT(Fields("\"Territory\" shall mean the world, excluding Examplia. More words."),
              ElementsAre("territory=the world, excluding Examplia@1"));
}

}  // namespace
}  // namespace modelwatch::evaluator
