// SPDX-License-Identifier: Apache-2.0
#include "crawler/documents/wide_tags.h"

#include <gtest/gtest.h>

namespace modelwatch::crawler {
namespace {

std::string Wide(size_t attributes, const std::string& value) {
  std::string tag = "<p";
  for (size_t i = 0; i < attributes; ++i) tag += " a" + std::to_string(i) + value;
  return tag + ">";
}

TEST(WideTagsTest, LeavesAnOrdinaryPageAsItIs) {
  const std::string page =
      "<!doctype html><p class=\"a b\" id='c' hidden>1 < 2 &amp; <b>x</b><br/><a href=x>";
  EXPECT_EQ(WithoutWideTags(page), page);
  EXPECT_EQ(WithoutWideTags(""), "");
}

TEST(WideTagsTest, DropsTheTagAndKeepsWhatItHolds) {
  for (const std::string value : {"", "=1", "=\">\"", "='>'", " = \"x y\""}) {
    EXPECT_EQ(WithoutWideTags("a" + Wide(300, value) + "words</p>"), "awords</p>") << value;
    EXPECT_NE(WithoutWideTags("a" + Wide(200, value) + "words</p>"), "awords</p>") << value;
  }
}

TEST(WideTagsTest, FindsAWideTagBehindACommentThatOpensAQuote) {
  const std::string page = "<!-- <a b=\" -->" + Wide(300, "=1") + "words";
  EXPECT_EQ(WithoutWideTags(page), "<!-- <a b=\" -->words");
}

TEST(WideTagsTest, DropsAWideTagThatNeverEnds) {
  std::string page = "a<p";
  for (int i = 0; i < 300; ++i) page += " x" + std::to_string(i);
  EXPECT_EQ(WithoutWideTags(page), "a");
}

TEST(WideTagsTest, GivesUpOnPagesThatAreMadeToTakeLong) {
  std::string page;
  for (int i = 0; i < 1'000'000; ++i) page += "<a=";
  EXPECT_EQ(WithoutWideTags(page), "");
}

}  // namespace
}  // namespace modelwatch::crawler
