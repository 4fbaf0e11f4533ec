// SPDX-License-Identifier: Apache-2.0
#include "crawler/hub/rate_limit.h"

#include <gtest/gtest.h>

#include "testing/http_transcript.h"

namespace modelwatch::crawler {
namespace {

using ::modelwatch::testing::ParseHeaders;

TEST(RateLimitTest, ReadsTheHubsOwnHeaders) {
  const auto limit = ParseRateLimit(
      ParseHeaders("RateLimit: \"resolvers\";r=2996;t=281\n"
                   "RateLimit-Policy: \"fixed window\";\"resolvers\";q=3000;w=300\n"));
  ASSERT_TRUE(limit.has_value());
  EXPECT_EQ(limit->name, "resolvers");
  EXPECT_EQ(limit->remaining, 2996);
  EXPECT_EQ(limit->resets_in, absl::Seconds(281));
  EXPECT_EQ(limit->quota, 3000);
  EXPECT_EQ(limit->window, absl::Seconds(300));
}

TEST(RateLimitTest, ReadsTheDraftsOwnFormWithoutThePolicyName) {
  const auto limit = ParseRateLimit(
      ParseHeaders("ratelimit: \"api\"; r=3 ; t=7\nratelimit-policy: \"api\";q=10;w=60\n"));
  ASSERT_TRUE(limit.has_value());
  EXPECT_EQ(limit->remaining, 3);
  EXPECT_EQ(limit->quota, 10);
}

TEST(RateLimitTest, TakesTheTightestOfSeveral) {
  const auto limit =
      ParseRateLimit(ParseHeaders("ratelimit: \"day\";r=90;t=3600, \"minute\";r=2;t=30\n"));
  ASSERT_TRUE(limit.has_value());
  EXPECT_EQ(limit->name, "minute");
  EXPECT_FALSE(limit->quota.has_value());
}

TEST(RateLimitTest, SaysNothingAboutJunk) {
  for (const char* junk :
       {"", "ratelimit: \n", "ratelimit: api\n", "ratelimit: \"api\";r=-1;t=5\n",
        "ratelimit: \"api\";r=x;t=5\n", "ratelimit: \"api\";r=5\n", "ratelimit: ;r=1;t=1\n",
        "ratelimit: \"api\";r=99999999999999999999;t=1\n", "x-ratelimit-limit: 10\n"}) {
    EXPECT_FALSE(ParseRateLimit(ParseHeaders(junk)).has_value()) << junk;
  }
}

TEST(RateLimitTest, IgnoresThePolicyOfAnotherQuota) {
  const auto limit = ParseRateLimit(
      ParseHeaders("ratelimit: \"api\";r=5;t=5\nratelimit-policy: \"pages\";q=100;w=300\n"));
  ASSERT_TRUE(limit.has_value());
  EXPECT_FALSE(limit->quota.has_value());
}

TEST(RetryAfterTest, ReadsSecondsAndDates) {
  const absl::Time now = absl::FromUnixSeconds(1'786'754'791);  // 2026-08-15T00:46:31Z
  EXPECT_EQ(ParseRetryAfter(ParseHeaders("retry-after: 17\n"), now), absl::Seconds(17));
  EXPECT_EQ(ParseRetryAfter(ParseHeaders("retry-after: Sat, 15 Aug 2026 00:47:31 GMT\n"), now),
            absl::Seconds(60));
}

TEST(RetryAfterTest, StaysBetweenZeroAndADay) {
  const absl::Time now = absl::FromUnixSeconds(1'786'754'791);
  EXPECT_EQ(ParseRetryAfter(ParseHeaders("retry-after: 9999999\n"), now), absl::Hours(24));
  EXPECT_EQ(ParseRetryAfter(ParseHeaders("retry-after: Sat, 15 Aug 2020 00:47:31 GMT\n"), now),
            absl::ZeroDuration());
  EXPECT_FALSE(ParseRetryAfter(ParseHeaders("retry-after: soon\n"), now).has_value());
  EXPECT_FALSE(ParseRetryAfter(ParseHeaders(""), now).has_value());
}

}  // namespace
}  // namespace modelwatch::crawler
