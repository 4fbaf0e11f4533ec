// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/byte_range.h"

#include <gtest/gtest.h>

namespace modelwatch::replay_hub {
namespace {

Response Whole() {
  Response response;
  response.body = "0123456789";
  return response;
}

TEST(ByteRangeTest, CutsOneRange) {
  const struct {
    const char* range;
    const char* body;
    const char* content_range;
  } kRows[] = {{"bytes=0-0", "0", "bytes 0-0/10"},
               {"bytes=3-5", "345", "bytes 3-5/10"},
               {"bytes=7-", "789", "bytes 7-9/10"},
               {"bytes=-2", "89", "bytes 8-9/10"},
               {"bytes=5-99", "56789", "bytes 5-9/10"}};
  for (const auto& row : kRows) {
    Response response = Whole();
    ApplyRange(row.range, response);
    EXPECT_EQ(response.status, 206) << row.range;
    EXPECT_EQ(response.body, row.body) << row.range;
    EXPECT_EQ(response.Get("Content-Range"), row.content_range);
  }
}

TEST(ByteRangeTest, RefusesARangePastTheEnd) {
  for (const char* range : {"bytes=10-", "bytes=-0"}) {
    Response response = Whole();
    ApplyRange(range, response);
    EXPECT_EQ(response.status, 416) << range;
    EXPECT_EQ(response.Get("Content-Range"), "bytes */10");
    EXPECT_EQ(response.body_size(), 0u);
  }
}

TEST(ByteRangeTest, LeavesTheRestWhole) {
  for (const char* range : {"", "bytes=", "bytes=-", "bytes=5-3", "bytes=0-1,3-4", "lines=1-2"}) {
    Response response = Whole();
    ApplyRange(range, response);
    EXPECT_EQ(response.status, 200) << range;
    EXPECT_EQ(response.body.size(), 10u);
  }
}

TEST(EtagTest, MatchesStrongWeakListedAndAny) {
  EXPECT_TRUE(MatchesEtag("\"abc\"", "abc"));
  EXPECT_TRUE(MatchesEtag("W/\"abc\"", "abc"));
  EXPECT_TRUE(MatchesEtag("\"x\", W/\"abc\" , \"y\"", "abc"));
  EXPECT_TRUE(MatchesEtag("*", "abc"));
  EXPECT_FALSE(MatchesEtag("", "abc"));
  EXPECT_FALSE(MatchesEtag("abc", "abc"));
  EXPECT_FALSE(MatchesEtag("\"abcd\"", "abc"));
}

}  // namespace
}  // namespace modelwatch::replay_hub
