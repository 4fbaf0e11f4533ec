// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/tokens.h"

#include <gtest/gtest.h>

namespace modelwatch::evaluator {
namespace {

std::string WordsOf(std::string_view text) {
  std::string joined;
  for (const Token& token : Tokenise(text)) joined += (joined.empty() ? "" : " ") + token.word;
  return joined;
}

struct Row {
  const char* text;
  const char* words;
};

TEST(TokensTest, NormalisesWhatTheMatchingGuidelinesIgnore) {
  const Row rows[] = {
      {"The LICENCE, 'as is'", "the license as is"},
      {"non-commercial non commercial NonCommercial", "noncommercial noncommercial noncommercial"},
      {"sub-license the Licensee\xE2\x80\x99s work", "sublicense the licensees work"},
      {"700,000,000 users, v2.0 of gpl-2.0+", "700000000 users v2.0 of gpl 2.0+"},
      {"1. First\n2) Second\n(a) third\n  * fourth\n- fifth", "first second third fourth fifth"},
      {"see Section 7. and section 2(b)", "see section 7 and section 2 b"},
      {"\xC2\xA9 2024 Foo; Copyright (c) 2023 Bar", "copyright 2024 foo copyright 2023 bar"},
      {"<p>one</p>&nbsp;<br/>two &amp; three", "one two and three"},
      {"\xE7\xA6\x81\xE6\xAD\xA2 AI", "\xE7\xA6\x81 \xE6\xAD\xA2 ai"},
      {"zero\xE2\x80\x8Bwidth soft\xC2\xADhyphen", "zerowidth softhyphen"},
      {"\xEF\xBC\xA1\xEF\xBC\xA2", "ab"},
      {"\xFF\xFE\x80 ok", "ok"},
  };
  for (const Row& row : rows) EXPECT_EQ(WordsOf(row.text), row.words) << row.text;
}

TEST(TokensTest, KeepsTheLineOfEveryWord) {
  const auto tokens = Tokenise("one\n\ntwo three\r\nfour");
  ASSERT_EQ(tokens.size(), 4u);
  EXPECT_EQ(tokens[0].line, 1u);
  EXPECT_EQ(tokens[2].line, 3u);
  EXPECT_EQ(tokens[3].line, 4u);
}

TEST(TokensTest, MarksCopyrightLinesAndBlanks) {
  const auto tokens =
      Tokenise("Copyright (c) 2024 Jane Roe\nUse by [name] is free of charge, now and later on.");
  EXPECT_TRUE(tokens.front().marks & kCopyrightMark);
  EXPECT_FALSE(tokens.back().marks & kCopyrightMark);
  bool has_slot = false;
  for (const Token& token : tokens) has_slot = has_slot || (token.marks & kSlotMark) != 0;
  EXPECT_TRUE(has_slot);
}

// Words are read in runs of letters: what stands between two runs must not be lost.
TEST(TokensTest, ReadsAWordOfManySorts) {
  const Row rows[] = {
      {"O'Neil's v1.2.3 1,000,000.50 C++ x&#39;s", "oneils v1.2.3 1000000.50 c++ xs"},
      {"ABC\xC3\x89"
       "D caf\xC3\xA9 of\xEF\xAC\x81"
       "ce",
       "abc\xC3\xA9"
       "d caf\xC3\xA9 office"},
      {"owner/organisation=catalogue;of", "holder organization catalog of"},
      {"per cent e-mail non-exclusive", "percent email nonexclusive"},
      {"a|b~c^d`e@f", "a b c d e f"},
  };
  for (const Row& row : rows) EXPECT_EQ(WordsOf(row.text), row.words) << row.text;
}

TEST(TokensTest, CutsAWordThatIsTooLongAndReadsOn) {
  const auto tokens = Tokenise(std::string(150, 'X') + " end");
  ASSERT_EQ(tokens.size(), 4u);
  EXPECT_EQ(tokens[0].word, std::string(64, 'x'));
  EXPECT_EQ(tokens[1].begin, 64u);
  EXPECT_EQ(tokens[2].word.size(), 22u);
  EXPECT_EQ(tokens[3].word, "end");
}

TEST(TokensTest, MarksWhatStandsInAnAddress) {
  for (const Token& token : Tokenise("mail jane.roe@example.org) or the-office")) {
    EXPECT_EQ((token.marks & kAddressMark) != 0, token.begin >= 5 && token.end <= 25) << token.word;
  }
}

TEST(TokensTest, CutsATextThatIsTooLong) {
  const std::string huge(3 * kMaxTextBytes, 'x');
  EXPECT_LE(Tokenise(huge).back().end, kMaxTextBytes);
}

}  // namespace
}  // namespace modelwatch::evaluator
