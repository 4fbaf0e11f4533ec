// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/fingerprints.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "absl/strings/str_format.h"
#include "tests/testing/status_matchers.h"

namespace modelwatch::evaluator {
namespace {

// A text of our own, long enough to have runs; `product` differs by version.
std::string OwnTerms(const std::string& product) {
  std::string text = product + " Terms Agreement\n\nCopyright 2024 " + product + " Maker\n\n";
  text += "These terms rule how " + product + " may be used by whoever took a copy of it.\n";
  for (int i = 0; i < 40; ++i) {
    text += absl::StrFormat(
        "Whoever keeps copy number %d of the work in a room of %d walls shall water the plant on "
        "its %d sill each morning and tell the keeper when a leaf turns brown.\n",
        i * 7 + 1, i * 13 + 2, i * 29 + 3);
  }
  return text + "The keeper of " + product + " may change the watering can.\n";
}

v1::Fingerprint RowOf(const std::string& id, const std::string& text) {
  v1::Fingerprint row;
  row.set_id(id);
  row.set_spdx("LicenseRef-test-" + id);
  row.set_name(id);
  row.set_family("Fern");
  ComputeFingerprint(Tokenise(text), row, [](uint64_t) { return false; });
  return row;
}

FingerprintIndex IndexOf(const std::vector<v1::Fingerprint>& rows) {
  v1::FingerprintTable table;
  for (const v1::Fingerprint& row : rows) *table.add_fingerprint() = row;
  absl::StatusOr<FingerprintIndex> index = FingerprintIndex::Make(std::move(table));
  EXPECT_TRUE(index.ok()) << index.status();
  return *std::move(index);
}

v1::Finding Identified(const FingerprintIndex& index, const std::string& text) {
  const auto finding = index.Identify(Tokenise(text));
  return finding.value_or(v1::Finding());
}

std::string Replaced(std::string text, const std::string& was, const std::string& is) {
  const size_t at = text.find(was);
  EXPECT_NE(at, std::string::npos) << was;
  return text.replace(at, was.size(), is);
}

TEST(FingerprintsTest, TheSameWordsAreExact) {
  const FingerprintIndex index = IndexOf({RowOf("fern", OwnTerms("Fern"))});
  const v1::Finding finding = Identified(index, OwnTerms("Fern"));
  EXPECT_EQ(finding.status(), v1::EXACT);
  EXPECT_EQ(finding.licence(), "fern");
  EXPECT_EQ(finding.expression(), "LicenseRef-test-fern");
  EXPECT_EQ(finding.score(), 1.0);
  ASSERT_EQ(finding.licences_size(), 1);
  EXPECT_EQ(finding.licences(0).role(), v1::PRIMARY);
  EXPECT_EQ(finding.licences(0).end_line(), 46u);
}

TEST(FingerprintsTest, HolderYearTitleCaseAndLayoutDoNotCount) {
  const FingerprintIndex index = IndexOf({RowOf("fern", OwnTerms("Fern"))});
  std::string text = Replaced(OwnTerms("Fern"), "Copyright 2024 Fern Maker",
                              "Copyright (c) 2019-2025 Somebody Else");
  text = Replaced(text, "Fern Terms Agreement\n", "# THE FERN TERMS AGREEMENT\n");
  text = Replaced(text, "shall water the plant", "SHALL   water\n the **plant**");
  EXPECT_EQ(Identified(index, text).status(), v1::EXACT);
}

TEST(FingerprintsTest, AClauseInTheTitleOrACopyrightLineIsNotExact) {
  const FingerprintIndex index = IndexOf({RowOf("fern", OwnTerms("Fern"))});
  const std::string text = OwnTerms("Fern");
  EXPECT_EQ(Identified(index, Replaced(text, "Fern Terms Agreement",
                                       "Fern Terms Agreement\nLicense for non-commercial use only"))
                .status(),
            v1::FAMILY);
  EXPECT_EQ(Identified(index, Replaced(text, "Copyright 2024 Fern Maker",
                                       "Copyright 2024 Fern Maker. Commercial use prohibited"))
                .status(),
            v1::FAMILY);
}

TEST(FingerprintsTest, OneInsertedNotIsNeverExact) {
  const FingerprintIndex index = IndexOf({RowOf("fern", OwnTerms("Fern"))});
  const v1::Finding finding =
      Identified(index, Replaced(OwnTerms("Fern"), "may change", "may not change"));
  EXPECT_EQ(finding.status(), v1::FAMILY);
  EXPECT_EQ(finding.licence(), "");
  EXPECT_EQ(finding.base(), "fern");
  EXPECT_GT(finding.score(), 0.8);
  EXPECT_LE(finding.score(), kUnverified) << "a corpus text as like would come first";
  EXPECT_NE(finding.reason().find("cannot be told"), std::string::npos) << finding.reason();
}

TEST(FingerprintsTest, TwoWordsThatChangePlacesAreNotExact) {
  const FingerprintIndex index = IndexOf({RowOf("fern", OwnTerms("Fern"))});
  const std::string text = Replaced(OwnTerms("Fern"), "leaf turns brown", "brown turns leaf");
  EXPECT_EQ(Identified(index, text).status(), v1::FAMILY);
}

TEST(FingerprintsTest, AnUnseenVersionIsOfTheFamilyOfTheNearest) {
  const FingerprintIndex index =
      IndexOf({RowOf("fern", OwnTerms("Fern")),
               RowOf("moss", std::string("The moss may be walked upon by all who left their shoes "
                                         "at the gate of the garden and "
                                         "who promise to look at their feet while they do so until "
                                         "the evening bell is rung."))});
  const v1::Finding finding = Identified(index, OwnTerms("Fern Two"));
  EXPECT_EQ(finding.status(), v1::FAMILY);
  EXPECT_EQ(finding.base(), "fern");
}

TEST(FingerprintsTest, WordsThatTwoFamiliesShareTellNoFamily) {
  v1::Fingerprint fern = RowOf("fern", OwnTerms("Fern") + "The fern may be sold on Mondays.");
  v1::Fingerprint moss = RowOf("moss", OwnTerms("Moss") + "The moss may never be sold at all.");
  moss.set_family("Moss");
  const FingerprintIndex index = IndexOf({fern, moss});
  EXPECT_FALSE(index.Identify(Tokenise(OwnTerms("Heather"))).has_value());
}

TEST(FingerprintsTest, AnotherTextIsNothing) {
  const FingerprintIndex index = IndexOf({RowOf("fern", OwnTerms("Fern"))});
  EXPECT_FALSE(index
                   .Identify(Tokenise("A recipe: take two eggs, a cup of flour and some milk, "
                                      "and stir until the dough is smooth."))
                   .has_value());
  EXPECT_FALSE(index.Identify({}).has_value());
}

TEST(FingerprintsTest, TwentyWordsInCommonShareARun) {
  std::string shared;
  for (size_t i = 0; i < kGramWords + kGramWindow - 1; ++i) shared += absl::StrFormat("w%d ", i);
  const auto grams = [](const std::string& text) { return FingerprintText(Tokenise(text)).grams; };
  const std::vector<uint64_t> a = grams("one two three four five six seven " + shared + "a b c");
  const std::vector<uint64_t> b = grams("other words before " + shared + " and others after it");
  std::vector<uint64_t> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  EXPECT_FALSE(both.empty());
}

// The committed rows rest on the normalisation of tokens.h. When this fails, it changed: refresh
// them (docs/operations.md, "Licences by fingerprint") and put the new digest here.
TEST(FingerprintsTest, TheNormalisationIsTheOneTheRowsWereMadeWith) {
  const std::string text =
      "Sample Licence\n\nCopyright 2024 Someone\n\n1. You may copy the \"work\" \xE2\x80\x94 and "
      "its sub-licences (see section 2), non-commercially & free of "
      "charge.\n\xE8\xAE\xB8\xE5\x8F\xAF "
      "https://example.org/terms";
  EXPECT_EQ(CoreDigest(Tokenise(text)), "e3d5ca37a27c01c222b902877a0441cf");
}

TEST(FingerprintsTest, RefusesRowsThatCannotBeRight) {
  const v1::Fingerprint good = RowOf("fern", OwnTerms("Fern"));
  const auto refused = [](std::vector<v1::Fingerprint> rows) {
    v1::FingerprintTable table;
    for (const v1::Fingerprint& row : rows) *table.add_fingerprint() = row;
    return absl::IsInvalidArgument(FingerprintIndex::Make(std::move(table)).status());
  };
  v1::Fingerprint nameless = good, uncounted = good, cut = good, odd = good;
  nameless.clear_id();
  uncounted.clear_words();
  cut.mutable_core_digest()->pop_back();
  odd.set_grams(0, "xyz");
  EXPECT_TRUE(refused({nameless}));
  EXPECT_TRUE(refused({uncounted}));
  EXPECT_TRUE(refused({cut}));
  EXPECT_TRUE(refused({odd}));
  EXPECT_TRUE(refused({good, good}));
}

TEST(FingerprintsTest, EveryRowOfTheProgramSaysWhereItIsFrom) {
  const v1::FingerprintTable& table = FingerprintIndex::Builtin().table();
  EXPECT_GT(table.fingerprint_size(), 20);
  for (const v1::Fingerprint& row : table.fingerprint()) {
    EXPECT_EQ(row.source().rfind("https://", 0), 0u) << row.id();
    EXPECT_EQ(row.date().size(), 10u) << row.id();
    EXPECT_EQ(row.sha256().size(), 64u) << row.id();
    EXPECT_FALSE(row.spdx().empty() || row.name().empty() || row.family().empty() ||
                 row.publisher().empty() || row.language().empty())
        << row.id();
  }
}

}  // namespace
}  // namespace modelwatch::evaluator
