// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/text_diff.h"

#include <gtest/gtest.h>

#include <random>

namespace modelwatch::evaluator {
namespace {

using Sequence = std::vector<uint32_t>;

// Applies the hunks to `a`; a right difference gives `b`.
Sequence Patched(const Sequence& a, const Sequence& b, const std::vector<Hunk>& hunks) {
  Sequence out;
  size_t at = 0;
  for (const Hunk& hunk : hunks) {
    out.insert(out.end(), a.begin() + static_cast<ptrdiff_t>(at),
               a.begin() + static_cast<ptrdiff_t>(hunk.a_begin));
    out.insert(out.end(), b.begin() + static_cast<ptrdiff_t>(hunk.b_begin),
               b.begin() + static_cast<ptrdiff_t>(hunk.b_end));
    at = hunk.a_end;
  }
  out.insert(out.end(), a.begin() + static_cast<ptrdiff_t>(at), a.end());
  return out;
}

TEST(TextDiffTest, TellsNothingOfEqualSequences) {
  const Sequence a = {1, 2, 3};
  EXPECT_TRUE(DiffSequences(a, a).empty());
  EXPECT_TRUE(DiffSequences({}, {}).empty());
}

TEST(TextDiffTest, FindsOneInsertedWord) {
  const Sequence a = {1, 2, 3}, b = {1, 2, 9, 3};
  EXPECT_EQ(DiffSequences(a, b), (std::vector<Hunk>{{2, 2, 2, 3}}));
}

TEST(TextDiffTest, TurnsAnySequenceIntoAnyOther) {
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    Sequence a(random() % 60), b(random() % 60);
    const uint32_t alphabet = 1 + static_cast<uint32_t>(random() % 12);
    for (uint32_t& x : a) x = static_cast<uint32_t>(random()) % alphabet;
    for (uint32_t& x : b) x = static_cast<uint32_t>(random()) % alphabet;
    ASSERT_EQ(Patched(a, b, DiffSequences(a, b)), b) << round;
  }
}

TEST(TextDiffTest, StaysBoundedOnHostileInput) {
  Sequence a, b;
  for (uint32_t i = 0; i < 200'000; ++i) {
    a.push_back(i % 2);
    b.push_back(i % 3);
  }
  EXPECT_EQ(Patched(a, b, DiffSequences(a, b)), b);
}

TEST(TextDiffTest, MarksTheChangedWordsOfALine) {
  const auto lines = DiffTexts("a\nuse it freely\nz\n", "a\nuse it never\nz\n");
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[1].kind, LineKind::kRemoved);
  EXPECT_EQ(lines[1].old_line, 2u);
  EXPECT_EQ(lines[1].pieces.back().text, "freely");
  EXPECT_TRUE(lines[1].pieces.back().is_changed);
  EXPECT_EQ(lines[2].kind, LineKind::kAdded);
  EXPECT_EQ(lines[2].pieces.back().text, "never");
  EXPECT_FALSE(lines[2].pieces.front().is_changed);
}

TEST(TextDiffTest, ShowsOnlyTheContextAskedFor) {
  std::string old_text, new_text;
  for (int i = 0; i < 50; ++i) old_text += std::to_string(i) + "\n";
  new_text = old_text + "end\n";
  EXPECT_EQ(DiffTexts(old_text, new_text, 2).size(), 3u);
  EXPECT_EQ(DiffTexts(old_text, old_text, 2).size(), 0u);
}

}  // namespace
}  // namespace modelwatch::evaluator
