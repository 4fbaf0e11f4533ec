// SPDX-License-Identifier: Apache-2.0
#include "evaluator/feed/hub_health.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "evaluator/feed/api.h"

namespace modelwatch::evaluator {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr int64_t kNow = 1'790'000'000'000'000;
constexpr int64_t kMinute = 60'000'000;

v1::HubStatus Hub() {
  v1::HubStatus hub;
  hub.set_hub("huggingface");
  hub.set_keep_up_ms(120'000);
  hub.set_sweep_ms(21'600'000);
  hub.set_last_keep_up_us(kNow - 3 * kMinute);
  hub.set_canary("owner/a");
  hub.set_canary_ms(600'000);
  hub.set_canary_ok_us(kNow - 4 * kMinute);
  hub.set_listed(1'000'000);
  hub.set_found(999'000);
  v1::DueStatus& due = *hub.add_due();
  due.set_kind("visit");
  due.set_due(12);
  due.set_oldest_due_us(kNow - 5 * kMinute);
  v1::DueStatus& ranked = *hub.add_due();  // stands in another order than that of time
  ranked.set_kind("new_history");
  ranked.set_due(40);
  v1::BudgetStatus& budget = *hub.add_budgets();
  budget.set_quota_class("api");
  budget.set_quota(500);
  budget.set_left(450);
  v1::TroubleStatus& trouble = *hub.add_trouble();
  trouble.set_reason("timeout");
  trouble.set_last_hour(2);
  trouble.set_last_day(30);
  trouble.set_total(40);
  return hub;
}

std::string Words(const v1::HubStatus& hub) {
  std::string words;
  for (const HealthFact& fact : HealthFacts(hub, kNow)) {
    words += fact.name + ": " + fact.words + (fact.is_bad ? " !" : "") + "\n";
  }
  return words;
}

TEST(HubHealthTest, IsToldInSixLines) {
  EXPECT_EQ(Words(Hub()),
            "Heard: keep-up 3 min ago (every 2 min); sweep not yet (every 6 h 0 min)\n"
            "Due now: 12 visit, the oldest for 5 min; 40 new history\n"
            "Allowance: api 450 of 500 left\n"
            "Trouble: last hour: timeout 2; last day: 30 answers that could not be used\n"
            "Known: 99.90 % of 1,000,000 rows of the last sweep\n"
            "Canary: owner/a came through 4 min ago (every 10 min)\n");
}

TEST(HubHealthTest, MarksWhatAPersonShouldLookAt) {
  v1::HubStatus hub = Hub();
  hub.set_is_silent(true);
  hub.set_is_canary_silent(true);
  hub.mutable_budgets(0)->set_blocked_until_us(kNow + kMinute);
  const std::string words = Words(hub);
  EXPECT_THAT(words, HasSubstr("Heard: SILENT"));
  EXPECT_THAT(words, HasSubstr("api refused until"));
  EXPECT_THAT(words, HasSubstr("Canary: SILENT"));
}

TEST(HubHealthTest, InventsNothingThatWasNotMeasured) {
  v1::HubStatus hub;
  hub.set_hub("huggingface");
  const std::string words = Words(hub);
  EXPECT_THAT(words, HasSubstr("Known: not measured yet"));
  EXPECT_THAT(words, HasSubstr("Trouble: none in the last day"));
  EXPECT_THAT(words, HasSubstr("Due now: nothing"));
  EXPECT_THAT(words, Not(HasSubstr("Canary")));
}

TEST(HubHealthTest, IsMeasuredForMachines) {
  v1::GetStatusResponse status;
  status.set_now_us(kNow);
  *status.add_hubs() = Hub();
  common::Metrics metrics;
  SetHealthMetrics(status, metrics);
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("modelwatch_hub_silent{hub=\"huggingface\"} 0"));
  EXPECT_THAT(text, HasSubstr("modelwatch_hub_due{class=\"visit\",hub=\"huggingface\"} 12"));
  EXPECT_THAT(
      text,
      HasSubstr("modelwatch_hub_oldest_due_seconds{class=\"visit\",hub=\"huggingface\"} 300"));
  EXPECT_THAT(text,
              HasSubstr("modelwatch_hub_known_ratio{by=\"sweep\",hub=\"huggingface\"} 0.999"));
  EXPECT_THAT(text, HasSubstr("modelwatch_hub_trouble{hub=\"huggingface\",reason=\"timeout\"} 40"));
}

TEST(HubHealthTest, IsJson) {
  v1::GetStatusResponse status;
  status.set_now_us(kNow);
  *status.add_hubs() = Hub();
  const nlohmann::json hub = nlohmann::json::parse(StatusJson(status))["hubs"][0];
  EXPECT_EQ(hub["is_silent"], false);
  EXPECT_EQ(hub["canary"]["name"], "owner/a");
  EXPECT_EQ(hub["due"][0]["due"], 12);
  EXPECT_EQ(hub["budgets"][0]["left"], 450);
  EXPECT_EQ(hub["trouble"][0]["last_day"], 30);
  EXPECT_EQ(hub["completeness"]["sweep"]["of"], 1'000'000);
  EXPECT_TRUE(hub["completeness"]["keep_up"]["ratio"].is_null());
}

}  // namespace
}  // namespace modelwatch::evaluator
