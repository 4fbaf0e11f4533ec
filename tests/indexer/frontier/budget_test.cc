// SPDX-License-Identifier: Apache-2.0
#include "indexer/frontier/budget.h"

#include <gtest/gtest.h>

#include "indexer/store/records.h"
#include "indexer/store/rocks_store.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::indexer {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kMinute = 60 * kSecond;
constexpr int64_t kStart = 1'790'000'000 * kSecond;

// One budget, its tokens and its clock.
class BudgetLedgerTest : public ::testing::Test {
 protected:
  static v1::ShareBudgetRequest Wanting(uint32_t watched, uint32_t sweep = 0) {
    v1::ShareBudgetRequest request;
    request.mutable_key()->set_hub("hub");
    request.mutable_key()->set_quota_class("api");
    for (const uint32_t wanted : {watched, 0u, sweep, 0u}) request.add_wanted(wanted);
    return request;
  }
  static void Tell(v1::ShareBudgetRequest& request, int64_t remaining, int64_t seconds,
                   int64_t quota = 100, int64_t window = 300) {
    request.mutable_told()->set_remaining(remaining);
    request.mutable_told()->set_resets_in_ms(seconds * 1000);
    request.mutable_told()->set_quota(quota);
    request.mutable_told()->set_window_ms(window * 1000);
    request.set_answered(1);
  }
  v1::ShareBudgetResponse Call(const v1::ShareBudgetRequest& request) {
    return Share(budget_, request, ++token_, now_us_);
  }
  // A crawler that is there only to tell how the hub stands.
  void HubTells(int64_t remaining, int64_t seconds, int64_t quota = 100, int64_t window = 300) {
    v1::ShareBudgetRequest request = Wanting(0);
    Tell(request, remaining, seconds, quota, window);
    Call(request);
  }

  v1::StoredBudget budget_;
  uint64_t token_ = 0;
  int64_t now_us_ = kStart;
};

TEST_F(BudgetLedgerTest, HandsOutAFewBeforeTheHubHasToldAnything) {
  EXPECT_EQ(Call(Wanting(50)).granted(), 4u);
  const v1::ShareBudgetResponse second = Call(Wanting(50));
  EXPECT_EQ(second.granted(), 0u) << "another crawler gets four more";
  EXPECT_TRUE(second.ask_after_answer());
}

TEST_F(BudgetLedgerTest, AHubThatTellsNothingIsNotLimited) {
  v1::ShareBudgetRequest request = Wanting(500);
  request.set_answered(1);
  EXPECT_EQ(Call(request).granted(), 500u);
}

TEST_F(BudgetLedgerTest, NeverHandsOutMoreThanIsLeftWhateverManyCrawlersAsk) {
  HubTells(60, 200);
  int64_t granted = 0;
  for (int i = 0; i < 100; ++i) {
    v1::ShareBudgetRequest request = Wanting(50);
    request.set_reserve_percent(10);
    granted += Call(request).granted();
  }
  EXPECT_GE(granted, 40);
  EXPECT_LE(granted, 50) << "60 left, 10 reserved";
}

TEST_F(BudgetLedgerTest, WhatIsNotSentIsGivenBack) {
  HubTells(100, 200, 1600);
  const v1::ShareBudgetResponse first = Call(Wanting(90));
  EXPECT_EQ(first.granted(), 90u);
  v1::ShareBudgetRequest again = Wanting(90);
  again.set_token(first.token());
  EXPECT_EQ(Call(again).granted(), 90u);
}

TEST_F(BudgetLedgerTest, AShareThatNobodyRenewsIsSpent) {
  HubTells(100, 200, 1600);
  EXPECT_EQ(Call(Wanting(60)).granted(), 60u);
  now_us_ += absl::ToInt64Microseconds(kShareValid + kShareGrace) + 1;
  EXPECT_LE(Call(Wanting(60)).granted(), 40u);
}

TEST_F(BudgetLedgerTest, ACallUnderAnOldTokenGivesNothingBack) {
  HubTells(100, 200, 1600);
  const v1::ShareBudgetResponse first = Call(Wanting(20));
  v1::ShareBudgetRequest renewed = Wanting(60);
  renewed.set_token(first.token());
  ASSERT_EQ(Call(renewed).granted(), 60u);
  EXPECT_LE(Call(renewed).granted(), 40u) << "the same call came twice";
}

TEST_F(BudgetLedgerTest, WhatIsOnItsWayStaysOpenInTheNextWindow) {
  HubTells(100, 2, 100);
  const v1::ShareBudgetResponse before = Call(Wanting(6));
  ASSERT_EQ(before.granted(), 6u);
  now_us_ += 4 * kSecond;
  v1::ShareBudgetRequest request = Wanting(100);
  request.set_token(before.token());
  request.set_unanswered(6);
  EXPECT_EQ(Call(request).granted(), 0u) << "the window began and nothing of it was told yet";
  v1::ShareBudgetRequest other = Wanting(100);
  Tell(other, 94, 299);
  const v1::ShareBudgetResponse response = Call(other);
  EXPECT_EQ(response.left() + response.granted() + 6, 94) << "the six may be counted still";
}

TEST_F(BudgetLedgerTest, FollowsTheHubsWindowsWithoutBeingTold) {
  HubTells(0, 100, 100, 300);
  const v1::ShareBudgetResponse none = Call(Wanting(1));
  EXPECT_EQ(none.granted(), 0u);
  EXPECT_NEAR(static_cast<double>(none.wait_ms()), 101'000, 10);
  // Three windows later, 50 s into the fourth, four may go; then the hub is asked where it stands.
  now_us_ += (100 + 2 * 300 + 50) * kSecond;
  EXPECT_EQ(Call(Wanting(50)).granted(), 4u);
  EXPECT_EQ(budget_.ends_us(), kStart + (100 + 3 * 300) * kSecond);
}

TEST_F(BudgetLedgerTest, AClockThatGoesBackStopsNothingAndSpendsNothingTwice) {
  HubTells(50, 200);
  ASSERT_GT(Call(Wanting(3)).granted(), 0u);
  now_us_ -= 3600 * kSecond;
  EXPECT_EQ(Call(Wanting(90)).granted(), 4u) << "asks the hub where it stands";
  HubTells(46, 199);
  int64_t granted = 0;
  for (int i = 0; i < 100; ++i) granted += Call(Wanting(10)).granted();
  EXPECT_GT(granted, 30);
  EXPECT_LE(granted, 46);
}

TEST_F(BudgetLedgerTest, AnAnswerOfTheWindowBeforeSaysNothingAboutThisOne) {
  HubTells(1600, 1, 1600);
  now_us_ += 3 * kSecond;
  HubTells(1500, 298, 1600);
  HubTells(0, 0, 1600);  // it was on its way all the time
  EXPECT_EQ(Call(Wanting(90)).granted(), 90u);
}

TEST_F(BudgetLedgerTest, ASweepLeavesAPartToWhatIsUrgentAndTakesItWhenTheWindowEnds) {
  HubTells(100, 300);
  int64_t swept = 0;
  for (int i = 0; i < 100; ++i) swept += Call(Wanting(0, 10)).granted();
  EXPECT_LE(swept, 85);
  EXPECT_GE(swept, 80);
  EXPECT_GT(Call(Wanting(10)).granted(), 0u) << "nothing is left for the watch list";
  now_us_ += 10 * kSecond;
  HubTells(20, 20);
  now_us_ += 19 * kSecond;  // little of it is held now
  int64_t late = 0;
  for (int i = 0; i < 100; ++i) late += Call(Wanting(0, 10)).granted();
  EXPECT_GT(late, 0);
}

TEST_F(BudgetLedgerTest, ABlockHoldsForEverybodyUntilTheHubSaid) {
  HubTells(100, 200);
  v1::ShareBudgetRequest refused = Wanting(5);
  refused.set_limited(true);
  refused.set_limited_ms(3'600'000);
  EXPECT_EQ(Call(refused).blocked_ms(), 3'600'000);
  now_us_ += 3599 * kSecond;
  EXPECT_EQ(Call(Wanting(5)).granted(), 0u);
  now_us_ += 2 * kSecond;
  EXPECT_GT(Call(Wanting(5)).granted(), 0u);
}

TEST_F(BudgetLedgerTest, DoublesWhenARefusalSaysNothingAndForgivesAfterHalfAnHour) {
  v1::ShareBudgetRequest refused = Wanting(0);
  refused.set_limited(true);
  int64_t expected_ms = 60'000;
  for (int i = 0; i < 14; ++i) {
    const int64_t wait_ms = Call(refused).blocked_ms();
    EXPECT_GE(wait_ms, expected_ms * 9 / 10);
    EXPECT_LE(wait_ms, expected_ms * 11 / 10);
    // Others of the same burst are no further strikes.
    EXPECT_EQ(Call(refused).blocked_ms(), wait_ms);
    now_us_ += wait_ms * 1000 + kSecond;
    expected_ms = std::min<int64_t>(expected_ms * 2, 86'400'000);
  }
  now_us_ += 31 * kMinute;
  EXPECT_LE(Call(refused).blocked_ms(), 66'000);
}

// A hub that refuses everything: however fast, it is asked once a block, ever more rarely.
TEST_F(BudgetLedgerTest, FastErrorsNeverSpeedItUp) {
  for (const int64_t latency_us : {int64_t{1'000}, int64_t{800'000}}) {
    budget_.Clear();
    now_us_ = kStart;
    int sent = 0;
    while (now_us_ < kStart + 24 * 60 * kMinute) {
      const v1::ShareBudgetResponse share = Call(Wanting(1000));
      if (share.granted() == 0) {
        now_us_ += share.wait_ms() * 1000;
        continue;
      }
      sent += static_cast<int>(share.granted());
      now_us_ += latency_us;
      v1::ShareBudgetRequest refused = Wanting(1000);
      refused.set_token(share.token());
      refused.set_untold(share.granted());
      refused.set_limited(true);
      EXPECT_EQ(Call(refused).granted(), 0u);
    }
    // 60 s doubled to 24 h is a day after eleven blocks; the first time four may go, then one.
    EXPECT_LE(sent, 4 + 11) << "latency " << latency_us;
    EXPECT_GE(sent, 10);
  }
}

TEST(BudgetStoreTest, KeepsBudgetsApartAndOverAKill) {
  testing::TempDir dir;
  const auto open = [&] { return OpenRocksStore(dir.Sub("db"), {}).value(); };
  const auto call = [](Store& store, const std::string& account, bool limited) {
    Draft draft(store, GetState(store).value());
    v1::ShareBudgetRequest request;
    request.mutable_key()->set_hub("hub");
    request.mutable_key()->set_account(account);
    request.mutable_key()->set_quota_class("api");
    request.add_wanted(2);
    request.set_limited(limited);
    request.set_limited_ms(limited ? 3'600'000 : 0);
    v1::ShareBudgetResponse response = ShareBudget(draft, request, kStart).value();
    EXPECT_OK(store.Write(draft.TakeBatch()));
    return response;
  };
  auto store = open();
  EXPECT_GT(call(*store, "a", true).blocked_ms(), 0);
  const uint64_t token = call(*store, "b", false).token();
  EXPECT_GT(token, 0u) << "another account waits too";
  store.reset();
  store = open();
  EXPECT_GT(call(*store, "a", false).blocked_ms(), 0) << "forgotten";
  EXPECT_GT(call(*store, "b", false).token(), token) << "a token was given twice";
}

TEST(BudgetStoreTest, RefusesABadKey) {
  testing::TempDir dir;
  const auto store = OpenRocksStore(dir.Sub("db"), {}).value();
  Draft draft(*store, GetState(*store).value());
  v1::ShareBudgetRequest request;
  request.mutable_key()->set_hub("No Hub");
  EXPECT_THAT(ShareBudget(draft, request, kStart),
              testing::StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace modelwatch::indexer
