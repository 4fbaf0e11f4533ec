// SPDX-License-Identifier: Apache-2.0
#include "evaluator/feed/markup.h"

#include <gtest/gtest.h>

namespace modelwatch::evaluator {
namespace {

TEST(EscapeTest, MakesMarkupIntoText) {
  EXPECT_EQ(Escape("<b a='1' c=\"2\">&</b>"),
            "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;&lt;/b&gt;");
}

TEST(EscapeTest, KeepsLinesTabsAndOtherScripts) {
  EXPECT_EQ(Escape("a\n\tb"), "a\n\tb");
  EXPECT_EQ(Escape("模型 Ελλάδα 👩‍🔬"), "模型 Ελλάδα 👩‍🔬");
}

TEST(EscapeTest, ShowsWhatHides) {
  EXPECT_EQ(Escape("a\u202Eb"), "a[U+202E]b");
  EXPECT_EQ(Escape("a\u200Bb"), "a[U+200B]b");
  EXPECT_EQ(Escape("a\u2066b\u2069"), "a[U+2066]b[U+2069]");
  EXPECT_EQ(Escape(std::string_view("a\0b\x1b[1m", 7)), "a[U+0000]b[U+001B][1m");
  EXPECT_EQ(Escape("\U000E0041"), "[U+E0041]");
}

TEST(EscapeTest, ReplacesWhatXmlForbids) {
  EXPECT_EQ(Escape("a\xff\xfe"), "a\uFFFD\uFFFD");
  EXPECT_EQ(Escape("a\uFFFEb\uFFFF"), "a\uFFFDb\uFFFD");
}

TEST(UrlEncodeTest, LeavesNothingThatMeansSomething) {
  EXPECT_EQ(UrlEncode("a/b?c=d&e#f\"<>"), "a%2Fb%3Fc%3Dd%26e%23f%22%3C%3E");
  EXPECT_EQ(UrlEncodePath("own er/na:me"), "own%20er/na%3Ame");
}

TEST(MarkupTest, ClosesTagsInTheirOrder) {
  Markup page;
  page.Open("p", {{"class", "a\"b"}, {"id", ""}}).Element("b", "x<y").Void("br").Close();
  EXPECT_EQ(page.Take(), "<p class=\"a&quot;b\"><b>x&lt;y</b><br/></p>");
}

}  // namespace
}  // namespace modelwatch::evaluator
