// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/terms_table.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "common/digest.h"
#include "evaluator/terms/lattice.h"
#include "testing/shared_data.h"
#include "testing/status_matchers.h"

namespace modelwatch::evaluator {
namespace {

const TermsTable& Table() { return TermsTable::Builtin(); }

uint32_t High(const v1::Terms& terms, std::string_view scenario) {
  return FindOutcome(terms, scenario)->interval().high();
}
uint32_t Low(const v1::Terms& terms, std::string_view scenario) {
  return FindOutcome(terms, scenario)->interval().low();
}

TEST(TermsTableTest, HasEveryRowWithASource) {
  EXPECT_EQ(Table().licences().licence_size(), 211);
  EXPECT_EQ(Table().scenarios().scenario_size(), 27);
  EXPECT_EQ(Table().hub_tags().tag_size(), 83);
  for (const auto& row : Table().licences().licence()) {
    EXPECT_FALSE(row.source().empty()) << row.id();
    EXPECT_NE(row.evidence(), v1::EVIDENCE_MARK_UNSPECIFIED) << row.id();
  }
  for (const auto& rule : Table().rules().rule()) EXPECT_FALSE(rule.source().empty()) << rule.id();
  for (const auto& tag : Table().hub_tags().tag()) EXPECT_FALSE(tag.source().empty()) << tag.tag();
}

TEST(TermsTableTest, NamesOnlyScenariosThatExistInItsRules) {
  std::set<std::string> known;
  for (const auto& scenario : Table().scenarios().scenario()) known.insert(scenario.id());
  for (const auto& rule : Table().rules().rule()) {
    for (const std::string& scenario : rule.scenario())
      EXPECT_EQ(known.count(scenario), 1u) << scenario;
  }
}

// The outcomes of all rows at once: a change of data or rules that moves one shows here, and its
// new digest belongs into the same commit with the reason.
TEST(TermsTableTest, KeepsTheOutcomesOfEveryRow) {
  std::string all;
  for (const auto& row : Table().licences().licence()) {
    if (!row.is_resolved()) continue;
    all += row.id();
    const v1::Terms terms = Table().TermsOf(row);
    for (const auto& outcome : terms.outcomes()) {
      all += static_cast<char>('0' + outcome.interval().low());
    }
    all += '\n';
  }
  EXPECT_EQ(common::ToHex(common::Sha256(all)).substr(0, 16), "ed5749bad64b06d4");
}

TEST(TermsTableTest, MapsEveryHubTag) {
  for (const auto& tag : Table().hub_tags().tag()) {
    const DeclaredLicence resolved = Table().Resolve(tag.tag());
    EXPECT_TRUE(resolved.is_known_tag) << tag.tag();
    EXPECT_TRUE(!resolved.licence.empty() || resolved.is_family) << tag.tag();
  }
}

TEST(TermsTableTest, TakesAliasesAndLetterCaseAsTheSame) {
  for (const char* name : {"Apache 2.0", "apache2", "APACHE-2.0", "apache_license_2.0"}) {
    EXPECT_EQ(Table().Resolve(name).licence, "Apache-2.0") << name;
  }
  EXPECT_EQ(Table().Resolve("GPL-3.0-or-later").licence, "GPL-3.0");
  EXPECT_EQ(Table().Find("LicenseRef-scancode-llama-3.1-license-2024")->id(), "llama3.1");
  EXPECT_EQ(Table().Resolve("fair-noncommercial-research-license").licence, "FAIR-NC-Research-1");
}

TEST(TermsTableTest, LeavesTheUnknownUnknown) {
  EXPECT_EQ(Table().Find("no-such-licence"), nullptr);
  for (const char* name : {"other", "unknown", "cc", "bsd", "gpl", "no-such-licence"}) {
    EXPECT_TRUE(Table().Resolve(name).licence.empty()) << name;
  }
  const v1::Terms terms = Table().TermsOf(*ParseExpression("no-such-licence"));
  EXPECT_EQ(Low(terms, "com_tiny"), kFree);
  EXPECT_EQ(High(terms, "com_tiny"), kProhibited);
}

TEST(TermsTableTest, JoinsWithAndAndMeetsWithOr) {
  const auto both = ParseExpression("MIT AND CC-BY-NC-4.0");
  const auto either = ParseExpression("MIT OR CC-BY-NC-4.0");
  EXPECT_EQ(Low(Table().TermsOf(*both), "com_tiny"), kProhibited);
  EXPECT_EQ(High(Table().TermsOf(*either), "com_tiny"), kFree);
}

TEST(TermsTableTest, LetsAnExceptionOnlyAddPermissions) {
  const auto with = ParseExpression("GPL-3.0 WITH Some-exception");
  const v1::Terms terms = Table().TermsOf(*with);
  EXPECT_EQ(Low(terms, "ship_closed_derivative"), kFree);
  EXPECT_EQ(High(terms, "ship_closed_derivative"), kProhibited);
}

}  // namespace
}  // namespace modelwatch::evaluator
