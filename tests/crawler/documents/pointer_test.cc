// SPDX-License-Identifier: Apache-2.0
#include "crawler/documents/pointer.h"

#include <gtest/gtest.h>

namespace modelwatch::crawler {
namespace {

const std::string kHash(64, 'a');

TEST(PointerTest, KnowsGitLfs) {
  const auto pointer = ParsePointer(
      "version https://git-lfs.github.com/spec/v1\noid sha256:" + kHash + "\nsize 12345\n");
  ASSERT_TRUE(pointer.has_value());
  EXPECT_EQ(pointer->kind, Pointer::Kind::kLfs);
  EXPECT_EQ(pointer->hash, kHash);
  EXPECT_EQ(pointer->size, 12'345U);
}

TEST(PointerTest, KnowsOlderVersionsAndExtraKeys) {
  EXPECT_TRUE(ParsePointer("version https://hawser.github.com/spec/v1\r\noid sha256:" + kHash +
                           "\r\nsize 1\r\n")
                  .has_value());
  EXPECT_TRUE(ParsePointer("version https://git-lfs.github.com/spec/v1\next-0-foo sha256:" + kHash +
                           "\noid sha256:" + kHash + "\nsize 0")
                  .has_value());
}

TEST(PointerTest, KnowsXet) {
  const auto pointer =
      ParsePointer("# xet version 0\nfilesize = 678\nhash = '" + std::string(64, 'B') + "'\n");
  ASSERT_TRUE(pointer.has_value());
  EXPECT_EQ(pointer->kind, Pointer::Kind::kXet);
  EXPECT_EQ(pointer->hash, std::string(64, 'b'));
  EXPECT_EQ(pointer->size, 678U);
}

TEST(PointerTest, TakesNoOtherTextForOne) {
  const std::string version = "version https://git-lfs.github.com/spec/v1\n";
  const std::string whole = version + "oid sha256:" + kHash + "\nsize 1\n";
  const std::string texts[] = {"",
                               "MIT License\n",
                               version,
                               version + "oid sha256:" + kHash,
                               version + "oid sha256:abc\nsize 1\n",
                               version + "oid sha256:" + kHash + "\nsize -1\n",
                               whole + std::string(2000, 'x')};
  for (const std::string& text : texts) {
    EXPECT_FALSE(ParsePointer(text).has_value()) << text.substr(0, 60);
  }
}

}  // namespace
}  // namespace modelwatch::crawler
