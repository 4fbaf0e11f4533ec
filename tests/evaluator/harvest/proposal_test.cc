// SPDX-License-Identifier: Apache-2.0
#include "evaluator/harvest/proposal.h"

#include <gtest/gtest.h>

#include "evaluator/license/corpus.h"
#include "evaluator/license/corpus_builder.h"
#include "evaluator/license/matcher.h"
#include "tests/testing/status_matchers.h"

namespace modelwatch::evaluator {
namespace {

constexpr char kText[] =
    "Acme Model License Agreement\nVersion 2.0\n\nThis agreement is between you and Acme Robotics. "
    "The licensor grants you a limited license under its rights to use the work under the terms.\n";

Candidate CandidateOf(std::map<std::string, std::set<std::string>> releases) {
  Candidate candidate;
  candidate.text = kText;
  candidate.words_digest = "0123456789abcdef0123456789abcdef";
  candidate.words = 400;
  candidate.legal_words = 60;
  candidate.releases = std::move(releases);
  candidate.finding.set_status(v1::UNKNOWN_LICENCE);
  return candidate;
}

Candidate Proposed(Candidate candidate, std::string_view known = "") {
  Propose(
      Tokenise(candidate.text), BuiltinPromotionRules(),
      [&](std::string_view name) { return name == known; }, candidate);
  return candidate;
}

TEST(ProposalTest, TheLicensorNeedsTwoReleases) {
  EXPECT_EQ(Proposed(CandidateOf({{"acmerobotics", {"h:1", "h:2"}}})).rule, "named");
  const Candidate one = Proposed(CandidateOf({{"acmerobotics", {"h:1"}}}));
  EXPECT_FALSE(one.promotes());
  EXPECT_NE(one.verdict.find("named: 1 of 2 releases"), std::string::npos) << one.verdict;
}

TEST(ProposalTest, TheLicensorThatNamesItOnTheCardNeedsOne) {
  Candidate candidate = CandidateOf({{"acmerobotics", {"h:1"}}});
  candidate.declared_names["acmerobotics"]["acme-robot-license"] = 1;
  EXPECT_EQ(Proposed(candidate).rule, "named-and-declared");
  EXPECT_EQ(Proposed(candidate, "acme-robot-license").rule, "") << "a name that others gave";
}

TEST(ProposalTest, AStrangerNeedsThreePublishers) {
  EXPECT_FALSE(Proposed(CandidateOf({{"bo", {"h:1", "h:2"}}, {"cy", {"h:3"}}})).promotes());
  EXPECT_EQ(Proposed(CandidateOf({{"bo", {"h:1"}}, {"cy", {"h:2"}}, {"di", {"h:3"}}})).rule,
            "spread");
}

TEST(ProposalTest, TheLicensorComesBeforeWhoHasMoreReleases) {
  const Candidate candidate =
      Proposed(CandidateOf({{"bo", {"h:1", "h:2", "h:3"}}, {"acmerobotics", {"h:4", "h:5"}}}));
  EXPECT_EQ(candidate.publisher, "acmerobotics");
  EXPECT_TRUE(candidate.names_licensor);
  EXPECT_EQ(candidate.key, "acmerobotics-acme-model-license-agreement-2.0");
}

TEST(ProposalTest, NoRulePromotesWhatIsKnownShortOrNoLegalText) {
  const auto promotes = [](auto change) {
    Candidate candidate = CandidateOf({{"acmerobotics", {"h:1", "h:2"}}});
    change(candidate);
    return Proposed(std::move(candidate)).promotes();
  };
  EXPECT_TRUE(promotes([](Candidate&) {}));
  EXPECT_FALSE(promotes([](Candidate& c) { c.finding.set_status(v1::MENTION); }));
  EXPECT_FALSE(promotes([](Candidate& c) { c.words = 99; }));
  EXPECT_FALSE(promotes([](Candidate& c) { c.legal_words = 19; }));
}

TEST(ProposalTest, HostileNamesStayInsideTheirField) {
  Candidate candidate = CandidateOf({{"ev\"il\n---\nkey: mit", {"h:1"}}});
  const std::string words = candidate.text;
  candidate.text = "---\nkey: mit\nspdx_license_key: MIT\n---\n" + words;
  candidate.declared_names["ev\"il\n---\nkey: mit"]["../mit\n---\n\\"] = 1;
  candidate.source.path = "LICENSE\nkey: mit";
  candidate = Proposed(std::move(candidate));
  EXPECT_EQ(candidate.key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-"),
            std::string::npos);
  CorpusBuilder builder;
  ASSERT_OK(builder.AddFile(candidate.key + ".LICENSE", PromotedFile(candidate)));
  ASSERT_OK_AND_ASSIGN(const v1::Corpus built, builder.Build());
  ASSERT_OK_AND_ASSIGN(const auto corpus, Corpus::Make(built));
  EXPECT_FALSE((corpus->Find("mit")).has_value());
  ASSERT_TRUE((corpus->Find(candidate.key)).has_value());
  EXPECT_EQ(Matcher(*corpus).Identify(words).expression(), "LicenseRef-harvest-" + candidate.key);
}

TEST(ProposalTest, RulesThatDoNotParseAreRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(ParsePromotionRules("rule { nonsense: 1 }").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(ParsePromotionRules("rule { min_words: 1 }").status()));
  EXPECT_OK(ParsePromotionRules(""));
}

TEST(ProposalTest, EveryBuiltInRuleSaysWhy) {
  EXPECT_GE(BuiltinPromotionRules().rule_size(), 3);
  for (const v1::PromotionRule& rule : BuiltinPromotionRules().rule()) {
    EXPECT_FALSE(rule.reason().empty() || rule.source().empty()) << rule.id();
  }
}

}  // namespace
}  // namespace modelwatch::evaluator
