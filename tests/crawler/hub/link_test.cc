// SPDX-License-Identifier: Apache-2.0
#include "crawler/hub/link.h"

#include <gmock/gmock.h>

#include "testing/http_transcript.h"

namespace modelwatch::crawler {
namespace {

using ::modelwatch::testing::ParseHeaders;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(LinkTest, FindsTheNextPage) {
  EXPECT_THAT(NextLinks(ParseHeaders(
                  "link: <https://hub.example/api/models?limit=2&cursor=a%3D>; rel=\"next\"\n")),
              ElementsAre("https://hub.example/api/models?limit=2&cursor=a%3D"));
}

TEST(LinkTest, PassesOverOtherRelations) {
  EXPECT_THAT(NextLinks(ParseHeaders(
                  "link: </.well-known/ai-catalog.json>; rel=\"ai-catalog\"; type=\"a,b;c\"\n"
                  "link: </p>; rel=prev, </n>; rel=\"first Next\"\n")),
              ElementsAre("/n"));
}

TEST(LinkTest, NamesARepeatedTargetOnce) {
  EXPECT_THAT(NextLinks(ParseHeaders("link: </n>; rel=next\nlink: </n>; rel=next\n")),
              ElementsAre("/n"));
  EXPECT_THAT(NextLinks(ParseHeaders("link: </n>; rel=next\nlink: </m>; rel=next\n")),
              ElementsAre("/n", "/m"));
}

TEST(LinkTest, SurvivesJunk) {
  for (const char* junk : {"link: \n", "link: <\n", "link: <a\n", "link: <a>;\n", "link: ,,,\n",
                           "link: <a>; rel=\"\n", "link: rel=next\n", "link: <a> rel=next\n"}) {
    EXPECT_THAT(NextLinks(ParseHeaders(junk)), IsEmpty()) << junk;
  }
}

TEST(LinkTest, OnlyTheFirstRelCounts) {
  EXPECT_THAT(NextLinks(ParseHeaders("link: </n>; rel=prev; rel=next\n")), IsEmpty());
}

}  // namespace
}  // namespace modelwatch::crawler
