// SPDX-License-Identifier: Apache-2.0
#include "crawler/documents/html_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace modelwatch::crawler {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Repeat(const std::string& what, size_t bytes) {
  std::string out;
  out.reserve(bytes + what.size());
  while (out.size() < bytes) out += what;
  return out;
}

TEST(HtmlTextTest, KeepsWordsAndParagraphs) {
  const HtmlText page = ReadHtml(
      "<!doctype html><html><head><title> The  Licence </title><style>p{}</style></head><body>"
      "<h1>Terms</h1><p>You <b>may</b>\n  use it.</p><ul><li>One<li>Two</ul>Last<br>line"
      "<script>if (a<b) x()</script></body></html>");
  EXPECT_EQ(page.title, "The Licence");
  EXPECT_EQ(page.text, "Terms\n\nYou may use it.\n\nOne\nTwo\n\nLast\nline\n");
  EXPECT_FALSE(page.is_cut);
}

TEST(HtmlTextTest, KeepsTheLinesOfPreformattedText) {
  EXPECT_EQ(ReadHtml("<pre>MIT License\n\n  Copyright\n</pre>").text,
            "MIT License\n\n  Copyright\n");
}

TEST(HtmlTextTest, LeavesOutWhatStandsAroundTheText) {
  const HtmlText page = ReadHtml(
      "<nav>Home Pricing</nav><p>You may use it.</p><aside>Ad</aside><footer>All rights "
      "reserved</footer>");
  EXPECT_EQ(page.text, "You may use it.\n");
}

TEST(HtmlTextTest, TakesTheMainPartOfAPageThatHasOne) {
  const std::string terms = Repeat("You may use it. ", 300);
  const HtmlText page = ReadHtml("<div>Sign in</div><main><p>" + terms + "</p></main>Contact us");
  EXPECT_THAT(page.text, HasSubstr("You may use it."));
  EXPECT_THAT(page.text, Not(HasSubstr("Sign in")));
  EXPECT_THAT(page.text, Not(HasSubstr("Contact us")));
}

TEST(HtmlTextTest, DoesNotTakeAnEmptyMainPart) {
  EXPECT_EQ(ReadHtml("<main>Loading</main><p>You may use it.</p>").text,
            "Loading\n\nYou may use it.\n");
}

TEST(HtmlTextTest, ReadsBrokenMarkupAsBrowsersDo) {
  EXPECT_EQ(ReadHtml("<p>One<p>Two</b></p></div><i>Three").text, "One\n\nTwo\n\nThree\n");
  EXPECT_EQ(ReadHtml("a < b && c").text, "a < b && c\n");
}

TEST(HtmlTextTest, ReadsEntitiesAndEncodings) {
  EXPECT_EQ(ReadHtml("<p>&copy; &ldquo;AS IS&rdquo; caf&#233; \xC3\xA9</p>").text,
            "\xC2\xA9 \xE2\x80\x9C"
            "AS IS\xE2\x80\x9D caf\xC3\xA9 \xC3\xA9\n");
  EXPECT_EQ(ReadHtml("<p>caf\xE9</p>", "iso-8859-1").text, "caf\xC3\xA9\n");
  EXPECT_EQ(ReadHtml("<p>\x82\xA0</p>", "shift_jis").text, "\xE3\x81\x82\n");
}

TEST(HtmlTextTest, ListsLinksWithTheirWords) {
  const HtmlText page = ReadHtml(
      "<p>See the <a href='/policy'>Use  <b>Policy</b></a> and "
      "<a name=x>this</a>.</p>");
  ASSERT_EQ(page.links.size(), 1U);
  EXPECT_EQ(page.links[0].href, "/policy");
  EXPECT_THAT(page.links[0].words, HasSubstr("Use Policy"));
}

TEST(HtmlTextTest, TellsPagesFromTexts) {
  EXPECT_TRUE(LooksLikeHtml("\xEF\xBB\xBF\n <!DOCTYPE HTML>"));
  EXPECT_TRUE(LooksLikeHtml("<html lang=en>"));
  EXPECT_FALSE(LooksLikeHtml("MIT License"));
  EXPECT_FALSE(LooksLikeHtml("<your name here>"));
  EXPECT_FALSE(LooksLikeHtml(""));
}

TEST(HtmlTextTest, GivesNothingForNothing) {
  EXPECT_EQ(ReadHtml("").text, "");
  EXPECT_EQ(ReadHtml(std::string(1000, '\0')).links.size(), 0U);
}

// Each would take a careless reader minutes.
TEST(HtmlTextTest, StaysLinearOnHostilePages) {
  constexpr size_t kBytes = 3 << 20;
  std::string attributes = "<p";
  for (int i = 0; attributes.size() < kBytes; ++i) attributes += " a" + std::to_string(i);
  const std::string pages[] = {Repeat("<div>", kBytes),
                               Repeat("<b>", kBytes / 2) + Repeat("</i>", kBytes / 2),
                               Repeat("<a href='x'>", kBytes),
                               Repeat("<p><table><td>", kBytes),
                               Repeat("<", kBytes),
                               Repeat("&", kBytes),
                               Repeat("&#x;", kBytes),
                               Repeat("<!--", kBytes),
                               Repeat("<a=", kBytes),
                               Repeat("<p a=\">\"", kBytes),
                               Repeat("<script>", kBytes),
                               Repeat("</", kBytes),
                               attributes,
                               std::string(kBytes, 'x'),
                               Repeat("\xFF\xFE", kBytes)};
  for (const std::string& page : pages) {
    const HtmlText text = ReadHtml(page);
    EXPECT_LE(text.text.size(), 2 * page.size()) << page.substr(0, 20);
    EXPECT_LE(text.links.size(), kMaxLinks);
  }
}

TEST(HtmlTextTest, SaysThatItStoppedAtATooDeepPlace) {
  const HtmlText page = ReadHtml("<p>First</p>" + Repeat("<div>", 10'000) + "deep");
  EXPECT_TRUE(page.is_cut);
  EXPECT_EQ(page.text, "First\n");
  EXPECT_TRUE(ReadHtml(Repeat("<p>x</p>", kMaxHtmlBytes + 1)).is_cut);
}

}  // namespace
}  // namespace modelwatch::crawler
