// SPDX-License-Identifier: Apache-2.0
#include "proto/release_id.h"

#include <gtest/gtest.h>

#include "testing/status_matchers.h"

namespace modelwatch::proto {
namespace {

using ::modelwatch::testing::StatusIs;

TEST(ReleaseNameTest, ReadsOwnerAndName) {
  ASSERT_OK_AND_ASSIGN(const ReleaseName parsed, ParseReleaseName("owner/name-1.0"));
  EXPECT_EQ(parsed.hub, "");
  EXPECT_EQ(parsed.name, "owner/name-1.0");
}

TEST(ReleaseNameTest, TakesTheHubInFront) {
  ASSERT_OK_AND_ASSIGN(const ReleaseName parsed, ParseReleaseName("other-hub:owner/name"));
  EXPECT_EQ(parsed.hub, "other-hub");
  EXPECT_EQ(parsed.name, "owner/name");
}

TEST(ReleaseNameTest, ReadsHfAsHuggingface) {
  ASSERT_OK_AND_ASSIGN(const ReleaseName parsed, ParseReleaseName("hf:owner/name"));
  EXPECT_EQ(parsed.hub, "huggingface");
}

TEST(ReleaseNameTest, ALegacyNameHasNoOwner) {
  ASSERT_OK_AND_ASSIGN(const ReleaseName parsed, ParseReleaseName("gpt2"));
  EXPECT_EQ(parsed.name, "gpt2");
  EXPECT_EQ(Owner(parsed.name), "");
  EXPECT_EQ(Owner("owner/name"), "owner");
}

TEST(ReleaseNameTest, RefusesWhatIsNoName) {
  for (const char* text : {"", "/name", "owner/", "a/b/c", ":owner/name", "hf:", "owner/na me",
                           "owner/na\nme", "owner/na\x7Fme"}) {
    EXPECT_THAT(ParseReleaseName(text), StatusIs(absl::StatusCode::kInvalidArgument, "owner/name"))
        << text;
  }
  EXPECT_THAT(ParseReleaseName("o/" + std::string(511, 'x')),
              StatusIs(absl::StatusCode::kInvalidArgument, "512 bytes"));
}

TEST(ReleaseNameTest, AnErrorIsOneLine) {
  const absl::Status status = ParseReleaseName("owner/a\nb\x1b[31m").status();
  EXPECT_EQ(status.message().find('\n'), absl::string_view::npos);
  EXPECT_EQ(status.message().find('\x1b'), absl::string_view::npos);
}

TEST(FormatKeyTest, JoinsHubAndId) {
  v1::ReleaseKey key;
  key.set_hub("huggingface");
  key.set_id("621ffdc036468d709f17434d");
  EXPECT_EQ(FormatKey(key), "huggingface:621ffdc036468d709f17434d");
}

TEST(ReleaseIdTest, HasItsKindInFrontWhenItIsNoModel) {
  ASSERT_OK_AND_ASSIGN(const ReleaseName dataset, ParseReleaseName("datasets/owner/name"));
  EXPECT_EQ(dataset.name, "datasets/owner/name");
  EXPECT_EQ(dataset.hub, "");
  EXPECT_EQ(Owner(dataset.name), "owner");
  EXPECT_EQ(KindPrefix(dataset.name), "datasets/");
  ASSERT_OK_AND_ASSIGN(const ReleaseName legacy, ParseReleaseName("hf:datasets/squad"));
  EXPECT_EQ(legacy.name, "datasets/squad");
  EXPECT_EQ(Owner(legacy.name), "");
  EXPECT_EQ(KindPrefix("owner/name"), "");
  EXPECT_THAT(ParseReleaseName("datasets/").status(),
              StatusIs(absl::StatusCode::kInvalidArgument, "owner"));
  EXPECT_THAT(ParseReleaseName("models/owner/name").status(),
              StatusIs(absl::StatusCode::kInvalidArgument, "two slashes"));
}

}  // namespace
}  // namespace modelwatch::proto
