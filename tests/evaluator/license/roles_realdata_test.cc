// SPDX-License-Identifier: Apache-2.0
// Roles in files put together from the installed licence texts, as publishers put them together.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "evaluator/license/matcher.h"
#include "proto/json.h"
#include "real_corpus.h"

namespace modelwatch::evaluator {
namespace {

std::string TextOf(std::string_view id) {
  const auto licence = testing::RealCorpus()->Find(id);
  return licence ? std::string(licence->text) : std::string();
}

v1::Finding Identify(std::string_view text) {
  return Matcher(*testing::RealCorpus()).Identify(text);
}

v1::LicenceRole RoleOf(const v1::Finding& finding, std::string_view licence) {
  for (const v1::LicenceMatch& match : finding.licences()) {
    if (match.licence() == licence) return match.role();
  }
  return v1::LICENCE_ROLE_UNSPECIFIED;
}

constexpr std::string_view kBlock = R"(Parameters

Licensor:             Example Works, Inc.
Licensed Work:        Example Vault 1.6. The Licensed Work is (c) 2024 Example Works, Inc.
Additional Use Grant: You may make production use of the Licensed Work, provided your use does
                      not include offering it to third parties on a hosted basis.
Change Date:          Four years from the date the Licensed Work is published.
Change License:       )";

TEST(RolesRealDataTest, ABusinessSourceLicenceIsNotItsChangeLicence) {
  SKIP_WITHOUT_REAL_CORPUS();
  for (const auto& [name, id] : std::map<std::string, std::string>{
           {"MPL 2.0", "MPL-2.0"}, {"Apache License, Version 2.0", "Apache-2.0"}}) {
    const auto finding = Identify(std::string(kBlock) + name + "\n\n" + TextOf("BUSL-1.1"));
    EXPECT_EQ(finding.expression(), "BUSL-1.1") << proto::FindingJson(finding);
    EXPECT_EQ(finding.status(), v1::EXACT);
    EXPECT_EQ(RoleOf(finding, id), v1::CHANGE_LICENCE) << proto::FindingJson(finding);
    EXPECT_EQ(RoleOf(finding, "BUSL-1.1"), v1::PRIMARY);
  }
}

TEST(RolesRealDataTest, AClauseOutsideTheParametersStaysResidue) {
  SKIP_WITHOUT_REAL_CORPUS();
  const auto finding = Identify(std::string(kBlock) + "MPL 2.0\n\n" + TextOf("BUSL-1.1") +
                                "\n\nYou must not use the Licensed Work to train models.\n");
  EXPECT_EQ(finding.status(), v1::MODIFIED) << proto::FindingJson(finding);
  EXPECT_EQ(finding.base(), "BUSL-1.1");
}

TEST(RolesRealDataTest, AProhibitionInThePlaceOfAGrantStaysResidue) {
  SKIP_WITHOUT_REAL_CORPUS();
  const auto finding = Identify(
      "Licensor: Example Works, Inc.\nLicensed Work: Example Vault\nAdditional Use Grant: None. "
      "You "
      "may not use the Licensed Work to train models.\nChange Date: 2029-01-01\nChange License: "
      "MPL 2.0\n\n" +
      TextOf("BUSL-1.1"));
  EXPECT_EQ(finding.status(), v1::MODIFIED) << proto::FindingJson(finding);
}

TEST(RolesRealDataTest, TextsJoinedByAnOptionAreAChoice) {
  SKIP_WITHOUT_REAL_CORPUS();
  const auto finding =
      Identify(TextOf("MIT") + "\n\nor, at your option:\n\n" + TextOf("Apache-2.0"));
  EXPECT_EQ(finding.expression(), "MIT OR Apache-2.0") << proto::FindingJson(finding);
  EXPECT_EQ(RoleOf(finding, "Apache-2.0"), v1::ALTERNATIVE);
}

TEST(RolesRealDataTest, TextsWithoutAnOptionBothHold) {
  SKIP_WITHOUT_REAL_CORPUS();
  const auto finding = Identify(TextOf("MIT") + "\n\n" + TextOf("Apache-2.0"));
  EXPECT_EQ(finding.expression(), "MIT AND Apache-2.0") << proto::FindingJson(finding);
}

TEST(RolesRealDataTest, NamesInOneSentenceAreAChoiceAndOfDifferentThingsAreNot) {
  SKIP_WITHOUT_REAL_CORPUS();
  EXPECT_EQ(Identify("Choose: the MIT License.\nOr Apache-2.0, at your option.\n").expression(),
            "MIT OR Apache-2.0");
  const auto finding = Identify(
      "You can choose what to use. The code is licensed under the MIT License. The dataset is "
      "licensed under CC-BY-NC-4.0.");
  EXPECT_EQ(finding.expression(), "MIT AND CC-BY-NC-4.0") << proto::FindingJson(finding);
  EXPECT_EQ(finding.licences(0).scope(), v1::CODE);
  EXPECT_EQ(finding.licences(1).scope(), v1::DATA);
}

TEST(RolesRealDataTest, AnExceptionJoinsTheLicenceItStandsBeside) {
  SKIP_WITHOUT_REAL_CORPUS();
  const auto finding = Identify(TextOf("GPL-3.0-only") + "\n\n" + TextOf("GCC-exception-3.1"));
  EXPECT_EQ(finding.expression(), "GPL-3.0-only WITH GCC-exception-3.1")
      << proto::FindingJson(finding);
  EXPECT_EQ(RoleOf(finding, "GCC-exception-3.1"), v1::EXCEPTION);
}

TEST(RolesRealDataTest, AModelLicenceTellsItsScopeVersionAndThreshold) {
  SKIP_WITHOUT_REAL_CORPUS();
  const auto finding = Identify(TextOf("llama-3.1-license-2024"));
  if (finding.status() == v1::NONE) GTEST_SKIP() << "the corpus lacks the licence";
  ASSERT_EQ(finding.licences_size(), 1) << proto::FindingJson(finding);
  EXPECT_EQ(finding.licences(0).scope(), v1::WEIGHTS);
  std::map<std::string, std::string> captured;
  for (const auto& field : finding.licences(0).captured()) captured[field.name()] = field.value();
  EXPECT_EQ(captured["version"], "3.1");
  EXPECT_EQ(captured["date"], "July 23, 2024");
  EXPECT_EQ(captured["threshold"], "700 million monthly active users");
}

TEST(RolesRealDataTest, ANoticeBesideATextIsOnlyMentioned) {
  SKIP_WITHOUT_REAL_CORPUS();
  const auto finding =
      Identify(TextOf("Apache-2.0") + "\n\nThis project is licensed under the MIT License.\n");
  EXPECT_EQ(RoleOf(finding, "Apache-2.0"), v1::PRIMARY) << proto::FindingJson(finding);
  EXPECT_EQ(RoleOf(finding, "MIT"), v1::MENTIONED);
}

TEST(RolesRealDataTest, WhatOthersOwnIsAThirdPartyNoticeAndStaysInTheExpression) {
  SKIP_WITHOUT_REAL_CORPUS();
  const auto finding =
      Identify(TextOf("MIT") + "\n\nTHIRD-PARTY NOTICES\n\n" + TextOf("BSD-3-Clause"));
  EXPECT_EQ(RoleOf(finding, "BSD-3-Clause"), v1::THIRD_PARTY_NOTICE) << proto::FindingJson(finding);
  EXPECT_EQ(RoleOf(finding, "MIT"), v1::PRIMARY);
  EXPECT_NE(finding.expression().find("AND"), std::string::npos);
}

TEST(RolesRealDataTest, AFunctionalSourceLicenceTellsWhatFollowsIt) {
  SKIP_WITHOUT_REAL_CORPUS();
  for (const auto& [key, follows] : std::map<std::string, std::string>{
           {"fsl-1.1-apache-2.0", "Apache-2.0"}, {"fcl-1.0-mit", "MIT"}}) {
    if (TextOf(key).empty()) continue;
    const auto finding = Identify(TextOf(key));
    EXPECT_EQ(finding.status(), v1::EXACT) << proto::FindingJson(finding);
    EXPECT_EQ(RoleOf(finding, follows), v1::CHANGE_LICENCE) << proto::FindingJson(finding);
    EXPECT_EQ(finding.expression().find(" AND "), std::string::npos) << finding.expression();
  }
}

TEST(RolesRealDataTest, TheRestOfAGnuNoticeIsNoLicenceOfItsOwn) {
  SKIP_WITHOUT_REAL_CORPUS();
  const auto finding = Identify(R"(Example is free software: you can redistribute it and/or modify
it under the terms of the GNU General Public License as published by
the Free Software Foundation, either version 3 of the License, or
(at your option) any later version.

See the GNU General Public License for more details.

You should have received a copy of the GNU General Public License
along with Example.  If not, see <http://www.gnu.org/licenses/>.
)");
  EXPECT_EQ(finding.expression(), "GPL-3.0-or-later") << proto::FindingJson(finding);
}

TEST(RolesRealDataTest, AnUnversionedNameFarFromANoticeStandsForItself) {
  SKIP_WITHOUT_REAL_CORPUS();
  const auto finding = Identify(
      "The tool is licensed under the GNU General Public License, version 2 only.\n\n"
      "The manual tells how to build it.\n\nIts build needs Example Make.\n\n"
      "Example Make is licensed under the GNU General Public License.\n");
  EXPECT_NE(RoleOf(finding, "GPL-1.0-or-later"), v1::LICENCE_ROLE_UNSPECIFIED)
      << proto::FindingJson(finding);
}

TEST(RolesRealDataTest, TheTextOfTheGfdlIsPlain) {
  SKIP_WITHOUT_REAL_CORPUS();
  const auto finding = Identify(TextOf("gfdl-1.3"));
  EXPECT_EQ(finding.expression(), "GFDL-1.3-only") << proto::FindingJson(finding);
}

TEST(RolesRealDataTest, ATextThatWasCutIsNeverExact) {
  SKIP_WITHOUT_REAL_CORPUS();
  const auto finding = Identify(TextOf("MIT") + std::string(2 << 20, '\n') + "Not for sale.\n");
  EXPECT_EQ(finding.status(), v1::MODIFIED) << proto::FindingJson(finding);
  EXPECT_EQ(finding.base(), "MIT");
}

TEST(RolesRealDataTest, AnUnknownLicenceHasTheNameThatItGivesItself) {
  SKIP_WITHOUT_REAL_CORPUS();
  std::string text = "Example 模型许可协议\n\n";
  for (int i = 0; i < 12; ++i) {
    text +=
        "许可方在此授予您使用本模型及其模型参数的权利，您须遵守本协议的条款，不得用于其他目的。\n";
  }
  const auto finding = Identify(text);
  EXPECT_EQ(finding.status(), v1::UNKNOWN_LICENCE) << proto::FindingJson(finding);
  ASSERT_EQ(finding.licences_size(), 1);
  EXPECT_EQ(finding.licences(0).licence(), "LicenseRef-Example");
  EXPECT_EQ(finding.licences(0).scope(), v1::WEIGHTS);
}

// A long ban between two paragraphs of ISC leaves a grant and a disclaimer, which are known each.
TEST(RolesRealDataTest, ABanBetweenPiecesOfKnownLicencesIsNoMereMention) {
  SKIP_WITHOUT_REAL_CORPUS();
  const std::string isc = TextOf("ISC");
  const size_t disclaimer = isc.find("THE SOFTWARE IS PROVIDED");
  ASSERT_NE(disclaimer, std::string::npos);
  const std::string ban =
      "Example Makers prohibits whoever builds on these works from using them to watch crowds, to "
      "rate the credit of persons, to steer vehicles, to pick targets, to write letters in the "
      "name of others, or to sort applications for work, for housing and for schools, and asks "
      "that each of these is reported within a month.\n\n";
  const auto finding = Identify(isc.substr(0, disclaimer) + ban + isc.substr(disclaimer));
  EXPECT_NE(finding.status(), v1::EXACT) << proto::FindingJson(finding);
  EXPECT_NE(finding.status(), v1::MENTION) << proto::FindingJson(finding);
  ASSERT_GT(finding.added_size(), 0);
  EXPECT_THAT(finding.added(0).text(), ::testing::HasSubstr("prohibits"));
}

}  // namespace
}  // namespace modelwatch::evaluator
