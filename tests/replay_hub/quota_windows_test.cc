// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/quota_windows.h"

#include <gtest/gtest.h>

#include "testing/fake_clock.h"
#include "testing/status_matchers.h"

namespace modelwatch::replay_hub {
namespace {

QuotaPlan Small() { return {{2, 3, 1}, {4, 6, 2}, absl::Seconds(300)}; }

TEST(QuotaWindowsTest, CountsDownAndRefusesAtZero) {
  testing::FakeClock clock;
  QuotaWindows windows(Small(), clock);
  EXPECT_EQ(windows.Take("1.2.3.4", false, Bucket::kApi).remaining, 1);
  EXPECT_TRUE(windows.Take("1.2.3.4", false, Bucket::kApi).admitted);
  const auto refused = windows.Take("1.2.3.4", false, Bucket::kApi);
  EXPECT_FALSE(refused.admitted);
  EXPECT_EQ(refused.remaining, 0);
  EXPECT_EQ(windows.totals().refused[0], 1);
  EXPECT_EQ(windows.totals().max_in_window[0], 2);
}

TEST(QuotaWindowsTest, BeginsAnewWithTheNextFixedWindow) {
  testing::FakeClock clock;
  QuotaWindows windows(Small(), clock);
  clock.Advance(absl::Seconds(290));
  EXPECT_EQ(windows.Take("a", false, Bucket::kPages).reset_seconds, 10);
  EXPECT_FALSE(windows.Take("a", false, Bucket::kPages).admitted);
  clock.Advance(absl::Seconds(10));
  const auto fresh = windows.Take("a", false, Bucket::kPages);
  EXPECT_TRUE(fresh.admitted);
  EXPECT_EQ(fresh.reset_seconds, 300);
}

TEST(QuotaWindowsTest, KeepsIdentitiesAndBucketsApart) {
  testing::FakeClock clock;
  QuotaWindows windows(Small(), clock);
  EXPECT_TRUE(windows.Take("a", false, Bucket::kPages).admitted);
  EXPECT_TRUE(windows.Take("b", false, Bucket::kPages).admitted);
  EXPECT_TRUE(windows.Take("a", false, Bucket::kApi).admitted);
  EXPECT_EQ(windows.Take("t", true, Bucket::kApi).quota, 4);
}

TEST(QuotaWindowsTest, WritesTheHeadersAsTheHubDoes) {
  const QuotaWindows::Grant grant{true, 500, 489, 189, 300};
  EXPECT_EQ(RateLimitText(Bucket::kApi, grant), "\"api\";r=489;t=189");
  EXPECT_EQ(RateLimitPolicyText(Bucket::kApi, grant), "\"fixed window\";\"api\";q=500;w=300");
}

TEST(QuotaWindowsTest, ReadsThreeNumbers) {
  ASSERT_OK_AND_ASSIGN(const Quotas quotas, ParseQuotas("500,3000,100"));
  EXPECT_EQ(quotas, (Quotas{500, 3000, 100}));
  for (const char* text : {"", "1", "1,2", "1,2,3,4", "1,x,3", "1,2,-3"}) {
    EXPECT_THAT(ParseQuotas(text), testing::StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
}

}  // namespace
}  // namespace modelwatch::replay_hub
