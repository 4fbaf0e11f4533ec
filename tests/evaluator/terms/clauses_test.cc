// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/clauses.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace modelwatch::evaluator {
namespace {

bool Reads(std::string_view text, std::string_view id) {
  const Reading reading = ReadClauses(text);
  return std::any_of(reading.hits.begin(), reading.hits.end(),
                     [&](const ClauseHit& hit) { return hit.id == id; });
}

struct Row {
  const char* text;
  const char* id;
};

TEST(ClausesTest, ReadsTheMainClauses) {
  const Row rows[] = {
      {"The model may not be used for any commercial purpose.", "purpose.noncommercial"},
      {"Use is limited to non-commercial purposes.", "purpose.noncommercial"},
      {"Commercial use is strictly prohibited.", "purpose.noncommercial"},
      {"The weights are provided solely for academic research.", "purpose.research"},
      {"Should your products reach 90 million monthly active users, ask us for a license.",
       "scale.users"},
      {"Companies whose annual revenue exceeds 3 million dollars pay.", "scale.revenue"},
      {"No right is granted to anybody who lives in the European Union.", "geography.eu"},
      {"You will not use the outputs to train any other large language model.",
       "output.no-training"},
      {"You must follow the Acceptable Use Policy on our page.", "field.use-policy"},
      {"You may not redistribute the weights.", "redistribution.banned"},
      {"You may not create derivative works of the model.", "derivatives.banned"},
      {"You will prominently display \"Built with Example\" on your website.", "branding.display"},
      {"You may not offer it as a hosted service without a separate license.", "hosting.licence"},
      {"Commercial users must register by the form below.", "approval.registration"},
      {"Example may amend this agreement at any time.", "standing.amendable"},
      {"Example may terminate this license at any time.", "standing.revocable"},
      {"If you file a lawsuit over patents, your license terminates.", "retaliation.patent"},
      {"The model must not be used for military purposes.", "field.military"},
      {"\xE7\xA6\x81\xE6\xAD\xA2\xE5\x95\x86\xE4\xB8\x9A\xE7\x94\xA8\xE9\x80\x94",
       "purpose.noncommercial"},
  };
  for (const Row& row : rows) EXPECT_TRUE(Reads(row.text, row.id)) << row.text;
}

TEST(ClausesTest, DoesNotReadWhatIsNotThere) {
  const Row rows[] = {
      {"You may use it for commercial and non-commercial purposes.", "purpose.noncommercial"},
      {"In no event are we liable for loss of revenue or commercial damages.",
       "purpose.noncommercial"},
      {"In no event are we liable for lost revenue.", "scale.revenue"},
      {"Disputes go before a court in the European Union.", "geography.eu"},
  };
  for (const Row& row : rows) EXPECT_FALSE(Reads(row.text, row.id)) << row.text;
}

// Leaves nothing open and says nothing.
bool IsPassedOver(std::string_view text) {
  const Reading reading = ReadClauses(text);
  return reading.hits.empty() && reading.open.empty();
}

TEST(ClausesTest, PassesOverTheGeneralProvisionsOfAgreements) {
  for (const char* text :
       {"If any provision of this license is held to be unenforceable, the remaining provisions "
        "shall remain in effect as if it had not been set forth.",
        "We will not be treated as having waived any right by not exercising it.",
        "No trademark licenses are granted.",
        "Any contribution submitted by you shall be under the terms and conditions of this "
        "license.",
        "By clicking below you agree to be bound by this agreement.",
        "The licensor claims no rights in the outputs."}) {
    EXPECT_TRUE(IsPassedOver(text)) << text;
  }
}

TEST(ClausesTest, NeverPassesOverARestrictionInTheWordsOfAProvision) {
  for (const char* text :
       {"Neither party may use the outputs for commerce.",
        "By using the model you agree to use it only for research under this license.",
        "A company pays us one dollar per user.", "For companies, another license applies.",
        "The restrictions on selling the outputs shall remain in effect."}) {
    EXPECT_FALSE(IsPassedOver(text)) << text;
  }
}

// An introduction is read with its items, not by itself.
TEST(ClausesTest, ReadsABanThatLeadsAListInWithItsItemsAlone) {
  const Reading alone = ReadClauses("You may not use the model.");
  EXPECT_EQ(alone.most.purpose(), 3u);
  const Reading list = ReadClauses("You may not use the model:\n(a) to harass people;\n");
  EXPECT_LT(list.most.purpose(), 3u);
  EXPECT_GT(list.most.field(), 0u);
}

TEST(ClausesTest, ReadsNumbersOfThresholds) {
  EXPECT_EQ(ReadClauses("more than 100 million monthly active users need a license")
                .dimensions.scale_mau(),
            100'000'000u);
  EXPECT_EQ(ReadClauses("annual revenue of more than $20 million needs a license")
                .dimensions.scale_revenue_usd(),
            20'000'000u);
  EXPECT_EQ(
      ReadClauses("if monthly revenue exceeds 20 million US dollars you shall display the name")
          .dimensions.scale_revenue_usd(),
      240'000'000u);
  EXPECT_EQ(
      ReadClauses("1,000,000 monthly active users or more need a license").dimensions.scale_mau(),
      1'000'000u);
}

TEST(ClausesTest, CitesLineAndWords) {
  const Reading reading = ReadClauses("Be kind.\n\nCommercial use\nis prohibited.\n");
  ASSERT_EQ(reading.hits.size(), 1u);
  EXPECT_EQ(reading.hits[0].line, 3u);
  EXPECT_EQ(reading.hits[0].text, "Commercial use is prohibited");
}

}  // namespace
}  // namespace modelwatch::evaluator
