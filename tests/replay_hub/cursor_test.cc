// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/cursor.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "testing/status_matchers.h"

namespace modelwatch::replay_hub {
namespace {

using ::modelwatch::testing::StatusIs;

std::string Decoded(const std::string& cursor) {
  std::string text;
  EXPECT_TRUE(absl::Base64Unescape(cursor, &text));
  return text;
}

// The form of a live cursor, read 2026-09.
TEST(CursorTest, HasTheHubsFormForDownloads) {
  EXPECT_EQ(Decoded(EncodeCursor({SortField::kDownloads, false, {2, "6390d9f33de76d60299acbe0"}})),
            R"({"$or":[{"downloads":2,"_id":{"$gt":"6390d9f33de76d60299acbe0"}},)"
            R"({"downloads":{"$lt":2}},{"downloads":null}]})");
}

TEST(CursorTest, HasNoNullArmForLikes) {
  EXPECT_EQ(
      Decoded(EncodeCursor({SortField::kLikes, false, {7, "6390d9f33de76d60299acbe0"}})),
      R"({"$or":[{"likes":7,"_id":{"$gt":"6390d9f33de76d60299acbe0"}},{"likes":{"$lt":7}}]})");
}

TEST(CursorTest, WritesTimesAsTheHubDoes) {
  EXPECT_EQ(Decoded(EncodeCursor(
                {SortField::kCreatedAt, true, {1'646'263'744, "6390d9f33de76d60299acbe0"}})),
            R"({"$or":[{"createdAt":"2022-03-02T23:29:04.000Z",)"
            R"("_id":{"$gt":"6390d9f33de76d60299acbe0"}},)"
            R"({"createdAt":{"$gt":"2022-03-02T23:29:04.000Z"}}]})");
}

TEST(CursorTest, ReadsWhatItWrote) {
  for (const SortField sort :
       {SortField::kTrendingScore, SortField::kCreatedAt, SortField::kLastModified,
        SortField::kDownloads, SortField::kLikes}) {
    for (const bool ascending : {true, false}) {
      const Cursor cursor{sort, ascending, {1'700'000'123, "6390d9f33de76d60299acbe0"}};
      ASSERT_OK_AND_ASSIGN(const Cursor read, DecodeCursor(EncodeCursor(cursor), sort, ascending));
      EXPECT_EQ(read.position.value, cursor.position.value);
      EXPECT_EQ(read.position.id, cursor.position.id);
    }
  }
}

TEST(CursorTest, RefusesWhatIsNoCursorOfTheSort) {
  const std::string likes = EncodeCursor({SortField::kLikes, false, {7, "a"}});
  EXPECT_THAT(DecodeCursor(likes, SortField::kDownloads, false),
              StatusIs(absl::StatusCode::kInvalidArgument));
  for (const char* text : {"", "!!!", "e30=", "W10=", "eyIkb3IiOltdfQ=="}) {
    EXPECT_THAT(DecodeCursor(text, SortField::kLikes, false),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << text;
  }
}

}  // namespace
}  // namespace modelwatch::replay_hub
