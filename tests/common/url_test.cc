// SPDX-License-Identifier: Apache-2.0
#include "common/url.h"

#include <gtest/gtest.h>

#include "testing/status_matchers.h"

namespace modelwatch::common {
namespace {

using ::modelwatch::testing::StatusIs;

TEST(UrlTest, TakesAnAddressApart) {
  ASSERT_OK_AND_ASSIGN(const Url url, ParseUrl("HTTPS://Hub.Example:8443/a/b?c=d#frag"));
  EXPECT_EQ(url.scheme, "https");
  EXPECT_EQ(url.host, "hub.example");
  EXPECT_EQ(url.port, 8443);
  EXPECT_EQ(url.target, "/a/b?c=d");
  EXPECT_EQ(FormatUrl(url), "https://hub.example:8443/a/b?c=d");
}

TEST(UrlTest, FillsInPortAndTarget) {
  ASSERT_OK_AND_ASSIGN(const Url url, ParseUrl("http://hub.example?x=1"));
  EXPECT_EQ(url.port, 80);
  EXPECT_EQ(url.target, "/?x=1");
  EXPECT_EQ(Origin(url), "http://hub.example");
  ASSERT_OK_AND_ASSIGN(const Url six, ParseUrl("http://[::1]:81"));
  EXPECT_EQ(six.host, "[::1]");
  EXPECT_EQ(six.port, 81);
}

TEST(UrlTest, RefusesWhatIsNoHttpAddress) {
  for (const char* bad : {"", "hub.example", "ftp://hub.example/", "file:///etc/passwd", "https://",
                          "https:///path", "https://user:secret@hub.example/", "https://hub:0/",
                          "https://hub:65536/", "https://hub:x/", "https://hub.example/a b",
                          "https://hub.example/\n", "https://hub.example\\@evil.example/"}) {
    EXPECT_THAT(ParseUrl(bad), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
  }
  EXPECT_THAT(ParseUrl("https://h/" + std::string(20'000, 'a')),
              StatusIs(absl::StatusCode::kInvalidArgument, "16 KiB"));
}

TEST(UrlTest, SameOriginMeansSchemeHostAndPort) {
  const Url a = ParseUrl("https://hub.example/x").value();
  EXPECT_TRUE(SameOrigin(a, ParseUrl("https://HUB.example:443/y").value()));
  EXPECT_FALSE(SameOrigin(a, ParseUrl("http://hub.example/x").value()));
  EXPECT_FALSE(SameOrigin(a, ParseUrl("https://hub.example:444/x").value()));
  EXPECT_FALSE(SameOrigin(a, ParseUrl("https://cdn.hub.example/x").value()));
}

TEST(UrlTest, ResolvesReferences) {
  const Url base = ParseUrl("https://hub.example/a/b?q=1").value();
  const auto resolved = [&](std::string_view reference) {
    return FormatUrl(ResolveUrl(base, reference).value());
  };
  EXPECT_EQ(resolved("/x?y#z"), "https://hub.example/x?y");
  EXPECT_EQ(resolved("c"), "https://hub.example/a/c");
  EXPECT_EQ(resolved("?c=2"), "https://hub.example/a/b?c=2");
  EXPECT_EQ(resolved(""), "https://hub.example/a/b?q=1");
  EXPECT_EQ(resolved("//other.example/x"), "https://other.example/x");
  EXPECT_EQ(resolved("http://other.example/x"), "http://other.example/x");
  EXPECT_EQ(resolved("/x?next=http://other.example/"),
            "https://hub.example/x?next=http://other.example/");
  EXPECT_THAT(ResolveUrl(base, "file:///etc"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(UrlTest, EncodesWhatIsReserved) {
  EXPECT_EQ(PercentEncode("a/b c#\xC3\xA9~"), "a%2Fb%20c%23%C3%A9~");
  EXPECT_EQ(PercentEncode("a/b", "/"), "a/b");
}

TEST(UrlTest, SetsAParameter) {
  EXPECT_EQ(WithParameter("/x", "limit", "5"), "/x?limit=5");
  EXPECT_EQ(WithParameter("/x?a=1", "limit", "5"), "/x?a=1&limit=5");
  EXPECT_EQ(WithParameter("/x?limit=1000&cursor=a", "limit", "5"), "/x?limit=5&cursor=a");
  EXPECT_EQ(WithParameter("/x?nolimit=1&limit=2", "limit", "5"), "/x?nolimit=1&limit=5");
}

}  // namespace
}  // namespace modelwatch::common
