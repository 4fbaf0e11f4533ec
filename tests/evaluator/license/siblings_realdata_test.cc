// SPDX-License-Identifier: Apache-2.0
// Texts that several licences of the corpus fit nearly alike: which of them is named.
#include <gtest/gtest.h>

#include <string>

#include "evaluator/license/bilingual.h"
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

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

TEST(SiblingsRealDataTest, AVersionCutShortIsToldByItsNumber) {
  SKIP_WITHOUT_REAL_CORPUS();
  const std::string text = TextOf("PHP-3.01");
  const auto finding = Identify(text.substr(0, text.find("This software consists of")));
  EXPECT_EQ(finding.status(), v1::MODIFIED) << proto::FindingJson(finding);
  EXPECT_EQ(finding.base(), "PHP-3.01");
}

TEST(SiblingsRealDataTest, ANoticeOfLaterVersionsIsNeverThatOfOneVersion) {
  SKIP_WITHOUT_REAL_CORPUS();
  for (const auto& [version, expected] :
       {std::pair("either version 3 of the License, or (at your option) any later version",
                  "AGPL-3.0-or-later"),
        std::pair("version 3 of the License", "AGPL-3.0-only")}) {
    const auto finding = Identify(
        std::string("Burrow is free software: you can redistribute it and/or modify it under the "
                    "terms of the GNU Affero General Public License as published by the Free "
                    "Software Foundation, ") +
        version +
        ".\n\nBurrow is distributed in the hope that it will be useful, but WITHOUT ANY WARRANTY; "
        "without even the implied warranty of MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE. "
        "See the GNU Affero General Public License for more details.\n\nYou should have received a "
        "copy of the GNU Affero General Public License along with Burrow.\n");
    EXPECT_EQ(finding.expression(), expected) << proto::FindingJson(finding);
  }
}

TEST(SiblingsRealDataTest, ALicenceThatHoldsAnotherOneWholeIsOneLicence) {
  SKIP_WITHOUT_REAL_CORPUS();
  const auto finding = Identify(
      Replaced(TextOf("OpenSSL"), "For written permission, please contact", "Please write to"));
  EXPECT_EQ(finding.base(), "OpenSSL") << proto::FindingJson(finding);
  EXPECT_EQ(finding.licences_size(), 1);
}

TEST(SiblingsRealDataTest, AFilledTemplateOfTheListIsThatLicence) {
  SKIP_WITHOUT_REAL_CORPUS();
  std::string text = Replaced(TextOf("HPND"), "copyright\nholder or related entities", "M.I.T.");
  text = Replaced(Replaced(text, "Copyright holder", "M.I.T."), "copyright holder", "M.I.T.");
  const auto finding = Identify(text);
  EXPECT_EQ(finding.status(), v1::EXACT) << proto::FindingJson(finding);
  EXPECT_EQ(finding.licence(), "HPND");
}

TEST(SiblingsRealDataTest, ANoticeTellsWhetherSectionsAreInvariant) {
  SKIP_WITHOUT_REAL_CORPUS();
  const auto finding = Identify(
      "Permission is granted to copy, distribute and/or modify this document under the terms of "
      "the GNU Free Documentation License, Version 1.1;\nwith the Invariant Sections being Fees of "
      "the Burrow, with the Front-Cover Texts being none of yours, and with the Back-Cover Texts "
      "being a drawing. A copy of the license is included in the section entitled \"GNU Free "
      "Documentation License\".\n");
  EXPECT_EQ(finding.expression(), "GFDL-1.1-invariants-only") << proto::FindingJson(finding);
}

TEST(SiblingsRealDataTest, AChangedDisclaimerIsNoLicenceOfItsOwn) {
  SKIP_WITHOUT_REAL_CORPUS();
  const auto finding = Identify(
      Replaced(TextOf("BSD-2-Clause"), "THIS SOFTWARE IS PROVIDED", "THE SOFTWARE IS PROVIDED"));
  ASSERT_EQ(finding.licences_size(), 1) << proto::FindingJson(finding);
  EXPECT_EQ(finding.base(), "BSD-2-Clause");
}

TEST(SiblingsRealDataTest, ALicenceInTwoLanguagesIsOneLicenceInAnyOrder) {
  SKIP_WITHOUT_REAL_CORPUS();
  const Corpus& corpus = *testing::RealCorpus();
  int seen = 0;
  for (LicenceId id = 0; id < corpus.licence_count(); ++id) {
    const Licence licence = corpus.licence(id);
    const auto halves = SplitLanguages(licence.text);
    if (!halves) continue;
    SCOPED_TRACE(std::string(licence.key));
    ++seen;
    for (const std::string& order : {std::string(licence.text), halves->latin + halves->ideographic,
                                     halves->ideographic + halves->latin}) {
      const auto finding = Identify(order);
      EXPECT_EQ(finding.status(), v1::EXACT) << proto::FindingJson(finding);
      EXPECT_EQ(finding.licence(), LicenceIdOf(licence));
      EXPECT_EQ(finding.licences_size(), 1);
      const auto edited = Identify(order + "\n\n不得用于军事目的。\n");
      EXPECT_EQ(edited.status(), v1::MODIFIED) << proto::FindingJson(edited);
    }
  }
  EXPECT_GE(seen, 3);
}

}  // namespace
}  // namespace modelwatch::evaluator
