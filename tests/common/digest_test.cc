// SPDX-License-Identifier: Apache-2.0
#include "common/digest.h"

#include <gtest/gtest.h>

#include "testing/status_matchers.h"

namespace modelwatch::common {
namespace {

using ::modelwatch::testing::StatusIs;

// Source: FIPS 180-4 examples (NIST, 2015).
TEST(DigestTest, Sha256GivesThePublishedValues) {
  EXPECT_EQ(ToHex(Sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(ToHex(Sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

// `git hash-object --stdin` of the same bytes, git 2.39.
TEST(DigestTest, GitBlobOidIsWhatGitCallsTheBytes) {
  EXPECT_EQ(GitBlobOid(""), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
  EXPECT_EQ(GitBlobOid("hello\n"), "ce013625030ba8dba906f756967f9e9ca394464a");
}

TEST(DigestTest, BytesOfEveryValueSurviveHex) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  const std::string hex = ToHex(bytes);
  EXPECT_EQ(hex.size(), 512U);
  EXPECT_EQ(hex.substr(0, 6), "000102");
  ASSERT_OK_AND_ASSIGN(const std::string back, FromHex(hex));
  EXPECT_EQ(back, bytes);
}

TEST(DigestTest, HexMayBeUpperCase) {
  ASSERT_OK_AND_ASSIGN(const std::string bytes, FromHex("FFab"));
  EXPECT_EQ(bytes, "\xFF\xAB");
}

TEST(DigestTest, RefusesWhatIsNotHex) {
  EXPECT_THAT(FromHex("abc"), StatusIs(absl::StatusCode::kInvalidArgument, "odd"));
  EXPECT_THAT(FromHex("zz"), StatusIs(absl::StatusCode::kInvalidArgument, "hexadecimal"));
  EXPECT_THAT(FromHex("0 "), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(DigestTest, AGitOidIs40LowerCaseDigits) {
  EXPECT_TRUE(IsGitOid("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"));
  EXPECT_FALSE(IsGitOid(""));
  EXPECT_FALSE(IsGitOid("E69DE29BB2D1D6434B8B29AE775AD8C2E48C5391"));
  EXPECT_FALSE(IsGitOid("e69de29bb2d1d6434b8b29ae775ad8c2e48c539"));
  EXPECT_FALSE(IsGitOid("g69de29bb2d1d6434b8b29ae775ad8c2e48c5391"));
}

}  // namespace
}  // namespace modelwatch::common
