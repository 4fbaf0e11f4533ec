// SPDX-License-Identifier: Apache-2.0
// The committed fingerprints against the texts they were computed from.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "common/digest.h"
#include "evaluator/license/fingerprints.h"
#include "tests/testing/shared_data.h"

namespace modelwatch::evaluator {
namespace {

namespace fs = std::filesystem;

// SHA-256 in hex -> text, of every licence text beside the checkout.
const std::map<std::string, std::string>& Texts() {
  static const auto* const kTexts = [] {
    auto* texts = new std::map<std::string, std::string>;
    for (const char* folder : {"licence-texts", "licence-history/files"}) {
      for (const auto& entry : fs::recursive_directory_iterator(testing::SharedData(folder))) {
        if (!entry.is_regular_file()) continue;
        std::ifstream file(entry.path(), std::ios::binary);
        std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
        const std::string digest = common::ToHex(common::Sha256(text));
        texts->emplace(digest, std::move(text));
      }
    }
    return texts;
  }();
  return *kTexts;
}

// Calls `check` for every row whose text is at hand, and wants most of them to be.
template <typename Check>
void ForEachRowWithText(const Check& check) {
  int seen = 0;
  for (const v1::Fingerprint& row : FingerprintIndex::Builtin().table().fingerprint()) {
    const auto found = Texts().find(row.sha256());
    if (found == Texts().end()) continue;
    SCOPED_TRACE(row.id() + " " + row.version());
    check(row, found->second);
    ++seen;
  }
  EXPECT_GE(seen, 20);
}

FingerprintIndex Without(const v1::Fingerprint& left_out) {
  v1::FingerprintTable table;
  for (const v1::Fingerprint& row : FingerprintIndex::Builtin().table().fingerprint()) {
    if (row.id() != left_out.id()) *table.add_fingerprint() = row;
  }
  return *FingerprintIndex::Make(std::move(table));
}

// Texts that are all but another licence, OpenRAIL-M or MIT, are left to the corpus, which has
// that.
bool HasLittleOwnWording(const v1::Fingerprint& row) {
  return row.grams_size() <= static_cast<int>(kFamilyRuns) / 2;  // five a line
}

int RowsOfFamily(const FingerprintIndex& index, const v1::Fingerprint& like) {
  int rows = 0;
  for (const v1::Fingerprint& row : index.table().fingerprint()) {
    if (row.family() == like.family() && row.is_policy() == like.is_policy()) ++rows;
  }
  return rows;
}

TEST(FingerprintsRealDataTest, EveryTextIsExactlyItsRow) {
  SKIP_WITHOUT_SHARED_DATA();
  ForEachRowWithText([](const v1::Fingerprint& row, const std::string& text) {
    const auto finding = FingerprintIndex::Builtin().Identify(Tokenise(text));
    ASSERT_TRUE(finding.has_value());
    EXPECT_EQ(finding->status(), v1::EXACT) << finding->reason();
    EXPECT_EQ(finding->licence(), row.id());
  });
}

TEST(FingerprintsRealDataTest, OneInsertedNotLeavesOnlyTheFamily) {
  SKIP_WITHOUT_SHARED_DATA();
  ForEachRowWithText([](const v1::Fingerprint& row, const std::string& text) {
    const size_t middle = text.find('\n', text.size() / 2);
    ASSERT_NE(middle, std::string::npos);
    std::string edited = text;
    edited.insert(middle, " not");
    const auto finding = FingerprintIndex::Builtin().Identify(Tokenise(edited));
    if (HasLittleOwnWording(row) && !finding.has_value()) return;
    ASSERT_TRUE(finding.has_value());
    EXPECT_EQ(finding->status(), v1::FAMILY);
    EXPECT_EQ(FingerprintIndex::Builtin().Find(finding->base())->family(), row.family());
    EXPECT_EQ(FingerprintIndex::Builtin().Find(finding->base())->is_policy(), row.is_policy());
  });
}

TEST(FingerprintsRealDataTest, AVersionLeftOutIsNeverAnotherVersion) {
  SKIP_WITHOUT_SHARED_DATA();
  ForEachRowWithText([](const v1::Fingerprint& row, const std::string& text) {
    const FingerprintIndex index = Without(row);
    const auto finding = index.Identify(Tokenise(text));
    if (!finding.has_value()) {
      EXPECT_TRUE(HasLittleOwnWording(row) || RowsOfFamily(index, row) < 2)
          << "no sibling was near enough";
      return;  // nothing at all is said
    }
    EXPECT_EQ(finding->status(), v1::FAMILY);
    EXPECT_EQ(index.Find(finding->base())->family(), row.family());
    EXPECT_EQ(index.Find(finding->base())->is_policy(), row.is_policy());
  });
}

}  // namespace
}  // namespace modelwatch::evaluator
