// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/corpus.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "evaluator/license/corpus_builder.h"
#include "evaluator/license/corpus_writer.h"
#include "evaluator/license/tokens.h"
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
  add("rules/one_1.RULE",
      "---\nlicense_expression: one\nis_license_notice: yes\nrelevance: 90\n---\n"
      "under {{License One}}");
  return EncodeCorpus(*builder.Build());
}

TEST(CorpusTest, BuildsTheSameBytesFromTheSameFilesInAnyOrder) {
  EXPECT_EQ(Built(false), Built(true));
}

TEST(CorpusTest, ReadsAllLayouts) {
  ASSERT_OK_AND_ASSIGN(const auto corpus, Corpus::Parse(Built(false)));
  EXPECT_EQ(corpus->licence_count(), 3u);
  EXPECT_EQ(corpus->Find("ONE-1.0")->key, "one");
  EXPECT_EQ(corpus->Find("licenseref-old")->key, "one");
  EXPECT_EQ(corpus->Find("Two-2.0")->name, "Two");
  EXPECT_EQ(corpus->Find("three")->spdx, "LicenseRef-three");
  EXPECT_EQ(corpus->Find("four"), std::nullopt);
}

TEST(CorpusTest, FindsEveryPatternFromItsFirstWords) {
  ASSERT_OK_AND_ASSIGN(const auto corpus, Corpus::Parse(Built(false)));
  ASSERT_EQ(corpus->pattern_count(), 4u);
  for (PatternId id = 0; id < corpus->pattern_count(); ++id) {
    const Pattern pattern = corpus->pattern(id);
    const auto [begin, end] = corpus->PatternsFrom(pattern.words[0], pattern.words[1]);
    const auto range = corpus->sorted().subspan(begin, end - begin);
    EXPECT_NE(std::find(range.begin(), range.end(), id), range.end()) << id;
  }
  const Pattern rule = corpus->pattern(3);
  EXPECT_EQ(rule.kind, v1::PATTERN_NOTICE);
  EXPECT_EQ(rule.relevance, 90u);
  EXPECT_EQ(corpus->expression(rule.expression).spdx, "One-1.0");
}

TEST(CorpusTest, RefusesEveryDamagedByte) {
  const std::string bytes = Built(false);
  ASSERT_OK(Corpus::Parse(bytes));
  for (size_t at = 0; at < bytes.size(); at += 7) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x40);
    const auto parsed = Corpus::Parse(damaged);
    // Only the version is free text of the header: another version is another corpus.
    EXPECT_TRUE(!parsed.ok() || (*parsed)->version() != (*Corpus::Parse(bytes))->version()) << at;
  }
}

TEST(CorpusTest, RefusesCutAndForeignAndOtherFormats) {
  const std::string bytes = Built(false);
  for (const size_t size : {size_t{0}, size_t{10}, bytes.size() / 2, bytes.size() - 1}) {
    EXPECT_THAT(Corpus::Parse(bytes.substr(0, size)), StatusIs(absl::StatusCode::kDataLoss));
  }
  EXPECT_THAT(Corpus::Parse(std::string(5000, 'x')), StatusIs(absl::StatusCode::kDataLoss));
  std::string newer = bytes;
  newer[8] = 99;
  EXPECT_THAT(Corpus::Parse(newer),
              StatusIs(absl::StatusCode::kFailedPrecondition, "build it again"));
  EXPECT_THAT(Corpus::Load("/nowhere/corpus.bin"),
              StatusIs(absl::StatusCode::kNotFound, "modelwatch corpus build"));
}

TEST(CorpusTest, NeedsALicence) {
  EXPECT_THAT(CorpusBuilder().Build(), StatusIs(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace modelwatch::evaluator
