// SPDX-License-Identifier: Apache-2.0
#include "evaluator/harvest/naming.h"

#include <gtest/gtest.h>

#include "evaluator/harvest/proposal.h"

namespace modelwatch::evaluator {
namespace {

bool Names(std::string_view text, std::string_view publisher) {
  return NamesPublisher(Tokenise(text), publisher, BuiltinPromotionRules());
}

TEST(NamingTest, AKeyHoldsNothingButLettersDigitsDotsAndDashes) {
  EXPECT_EQ(KeyOf("Acme Labs Model License v1.0"), "acme-labs-model-license-v1.0");
  EXPECT_EQ(KeyOf("../../etc/passwd\n"), "etc-passwd");
  EXPECT_EQ(KeyOf("a..b"), "a-b");
  EXPECT_EQ(KeyOf("--- . ---"), "");
  EXPECT_EQ(KeyOf("\xE8\xAE\xB8\xE5\x8F\xAF"), "");
  EXPECT_EQ(KeyOf(std::string(500, 'x')).size(), kMaxKeyBytes);
  EXPECT_EQ(KeyOf(std::string("a\0b", 3)), "a-b");
}

TEST(NamingTest, FindsAPublisherHoweverTheTextWritesIt) {
  EXPECT_TRUE(Names("\"Licensor\" means Acme Robotics Ltd.", "acmerobotics"));
  EXPECT_TRUE(Names("\"Licensor\" means Acme Robotics Ltd.", "Acme-Robotics"));
  EXPECT_TRUE(Names("\"Licensor\" means AcmeRobotics.", "acme_robotics"));
  EXPECT_TRUE(Names("\"Acme\" means the company.", "acme-ai"));
  EXPECT_TRUE(Names("This is the 07.AI community agreement", "07-ai"));
}

TEST(NamingTest, DoesNotFindWhatIsNotThere) {
  EXPECT_FALSE(Names("\"Licensor\" means Acme Robotics Ltd.", "acmerobot"));
  EXPECT_FALSE(Names("\"Licensor\" means Acme Robotics Ltd.", "acme-fan"));
  EXPECT_FALSE(Names("\"Licensor\" means Acme Robotics Ltd.", ""));
}

TEST(NamingTest, AnOrdinaryWordIsNoName) {
  const std::string_view text = "The software is free; any person may use the open source model.";
  for (const char* account :
       {"software", "free", "the", "open-source", "model-ai", "ai", "person"}) {
    EXPECT_FALSE(Names(text, account)) << account;
  }
}

TEST(NamingTest, ATitleIsTheFirstLineThatSaysSomething) {
  EXPECT_EQ(TitleOf("\n  \n---\n# **Acme Licence**\nmore"), "Acme Licence");
  EXPECT_EQ(TitleOf("=====\n"), "");
  EXPECT_EQ(TitleOf(""), "");
}

TEST(NamingTest, CleanTextIsOneLineOfUtf8) {
  EXPECT_EQ(CleanText("a\nkey: mit\r\tb"), "a key: mit  b");
  EXPECT_EQ(CleanText("\xFF"), "\xEF\xBF\xBD");
  EXPECT_EQ(CleanText("a\xE2\x80\xA8"
                      "b\x7F"),
            "a b");
  EXPECT_LE(CleanText(std::string(1000, 'y')).size(), 200u);
}

TEST(NamingTest, AVersionFollowsTheWord) {
  EXPECT_EQ(VersionIn(Tokenise("Acme Licence Version 2.1, May 2026")), "2.1");
  EXPECT_EQ(VersionIn(Tokenise("Acme Licence, the newest version of all")), "");
}

}  // namespace
}  // namespace modelwatch::evaluator
