// SPDX-License-Identifier: Apache-2.0
#include "evaluator/policy/hub_notices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace modelwatch::evaluator {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int64_t kNow = 1'790'000'000'000'000;
constexpr int64_t kMinute = 60'000'000;

v1::GetStatusResponse StatusOf(const v1::HubStatus& hub) {
  v1::GetStatusResponse status;
  status.set_now_us(kNow);
  *status.add_hubs() = hub;
  return status;
}

v1::HubStatus Hub() {
  v1::HubStatus hub;
  hub.set_hub("huggingface");
  hub.set_keep_up_ms(120'000);
  hub.set_last_listing_us(kNow - 10 * kMinute);
  hub.set_canary("owner/a");
  hub.set_canary_ms(600'000);
  return hub;
}

TEST(HubNoticesTest, SaysNothingWhileAllIsWellOrSaid) {
  EXPECT_THAT(HubNotices(StatusOf(Hub())), IsEmpty());
  v1::HubStatus hub = Hub();
  hub.set_is_silent(true);
  hub.set_silence_told_us(kNow - kMinute);
  hub.set_is_canary_silent(true);
  hub.set_canary_told_us(kNow - kMinute);
  EXPECT_THAT(HubNotices(StatusOf(hub)), IsEmpty());
  EXPECT_FALSE(HasHubNews(StatusOf(hub)));
}

TEST(HubNoticesTest, TellsOfASilenceWithSinceWhenAndWhy) {
  v1::HubStatus hub = Hub();
  hub.set_is_silent(true);
  v1::TroubleStatus& trouble = *hub.add_trouble();
  trouble.set_reason("connect");
  trouble.set_last_hour(37);
  v1::BudgetStatus& budget = *hub.add_budgets();
  budget.set_quota_class("api");
  budget.set_blocked_until_us(kNow + 30 * kMinute);
  EXPECT_TRUE(HasHubNews(StatusOf(hub)));
  const auto notices = HubNotices(StatusOf(hub));
  ASSERT_THAT(notices, SizeIs(1));
  EXPECT_EQ(notices[0].news(), v1::HUB_SILENT);
  const v1::Alert& alert = notices[0].alert();
  EXPECT_TRUE(alert.is_about_hub());
  EXPECT_EQ(alert.severity(), v1::WARNING);
  EXPECT_EQ(alert.key().hub(), "huggingface");
  EXPECT_EQ(alert.key().id(), "");
  EXPECT_EQ(alert.title(), "huggingface: no listing succeeded since 2026-09-21 14:03 UTC");
  EXPECT_THAT(alert.cause().text(), HasSubstr("three intervals of 2 min"));
  EXPECT_THAT(alert.cause().text(), HasSubstr("connect 37"));
  EXPECT_THAT(alert.cause().text(), HasSubstr("class api until"));
}

TEST(HubNoticesTest, TellsThatAHubIsHeardAgain) {
  v1::HubStatus hub = Hub();
  hub.set_silence_told_us(kNow - 60 * kMinute);
  const auto notices = HubNotices(StatusOf(hub));
  ASSERT_THAT(notices, SizeIs(1));
  EXPECT_EQ(notices[0].news(), v1::HUB_HEARD);
  EXPECT_EQ(notices[0].alert().severity(), v1::INFO);
}

TEST(HubNoticesTest, TellsOfTheCanaryApartFromTheHub) {
  v1::HubStatus hub = Hub();
  hub.set_is_canary_silent(true);
  auto notices = HubNotices(StatusOf(hub));
  ASSERT_THAT(notices, SizeIs(1));
  EXPECT_EQ(notices[0].news(), v1::CANARY_SILENT);
  EXPECT_THAT(notices[0].alert().title(), HasSubstr("owner/a has not come through yet"));
  hub.set_canary_told_us(kNow - kMinute);
  hub.set_is_canary_silent(false);
  EXPECT_THAT(HubNotices(StatusOf(hub)), IsEmpty()) << "another canary took over";
  hub.set_canary_ok_us(kNow);
  notices = HubNotices(StatusOf(hub));
  ASSERT_THAT(notices, SizeIs(1));
  EXPECT_EQ(notices[0].news(), v1::CANARY_HEARD);
}

}  // namespace
}  // namespace modelwatch::evaluator
