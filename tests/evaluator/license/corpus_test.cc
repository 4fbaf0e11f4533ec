// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/corpus.h"

#include <gtest/gtest.h>

#include "evaluator/license/corpus_builder.h"
#include "testing/status_matchers.h"

namespace modelwatch::evaluator {
namespace {

using ::modelwatch::testing::StatusIs;

constexpr char kScancode[] =
    "---\nkey: one\nname: License One\nspdx_license_key: One-1.0\nother_spdx_license_keys:\n"
    "  - LicenseRef-Old\n---\n\nYou may use the first thing in every way you like.\n";
constexpr char kSpdxList[] =
    R"({"Two-2.0":{"name":"Two","licenseText":"You may use the second thing on Sundays."}})";

std::string Built(bool is_reversed) {
  CorpusBuilder builder;
  const auto add = [&](std::string_view path, std::string_view bytes) {
    EXPECT_OK(builder.AddFile(path, bytes));
  };
  if (is_reversed) add("x/package.json", "{}"), add("x/spdx-full.json", kSpdxList);
  add("a/one.LICENSE", kScancode);
  if (!is_reversed) add("x/spdx-full.json", kSpdxList), add("x/package.json", "{}");
  add("b/three.txt", "You may use the third thing at home.");
  std::string bytes;
  builder.Build()->SerializeToString(&bytes);
  return bytes;
}

TEST(CorpusTest, BuildsTheSameBytesFromTheSameFilesInAnyOrder) {
  EXPECT_EQ(Built(false), Built(true));
}

TEST(CorpusTest, ReadsAllThreeLayouts) {
  ASSERT_OK_AND_ASSIGN(const auto corpus, Corpus::Parse(Built(false)));
  EXPECT_EQ(corpus->entries().size(), 3u);
  EXPECT_EQ(corpus->Find("ONE-1.0")->key(), "one");
  EXPECT_EQ(corpus->Find("licenseref-old")->key(), "one");
  EXPECT_EQ(corpus->Find("Two-2.0")->name(), "Two");
  EXPECT_EQ(corpus->Find("three")->spdx(), "LicenseRef-three");
  EXPECT_EQ(corpus->Find("four"), nullptr);
}

TEST(CorpusTest, RefusesDamagedAndNewerFiles) {
  const std::string bytes = Built(false);
  EXPECT_THAT(Corpus::Parse(bytes.substr(0, bytes.size() / 2)),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(Corpus::Parse("not a corpus"), StatusIs(absl::StatusCode::kDataLoss));
  v1::Corpus newer;
  newer.set_format(99);
  EXPECT_THAT(Corpus::Make(newer), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(Corpus::Load("/nowhere/corpus.bin"),
              StatusIs(absl::StatusCode::kNotFound, "modelwatch corpus build"));
}

TEST(CorpusTest, NeedsALicence) {
  EXPECT_THAT(CorpusBuilder().Build(), StatusIs(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace modelwatch::evaluator
