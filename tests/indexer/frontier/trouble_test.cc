// SPDX-License-Identifier: Apache-2.0
#include "indexer/frontier/trouble.h"

#include <gtest/gtest.h>

#include "absl/strings/str_format.h"

namespace modelwatch::indexer {
namespace {

constexpr int64_t kHour = int64_t{3'600} * 1'000'000;
constexpr int64_t kNow = 500'000 * kHour + kHour / 2;

v1::ShareBudgetRequest Told(const std::string& reason, uint32_t count) {
  v1::ShareBudgetRequest request;
  (*request.mutable_trouble())[reason] = count;
  return request;
}

// "reason hour/day/total ..."
std::string Words(const v1::StoredTrouble& stored, int64_t now_us) {
  std::string words;
  for (const v1::TroubleStatus& each : TroubleAt(stored, now_us)) {
    words += absl::StrFormat("%s %d/%d/%d ", each.reason(), each.last_hour(), each.last_day(),
                             each.total());
  }
  return words;
}

TEST(TroubleTest, AddsUpWhatAllCrawlersTell) {
  v1::StoredTrouble stored;
  AddTrouble(Told("timeout", 2), kNow, stored);
  AddTrouble(Told("timeout", 3), kNow + 1, stored);
  AddTrouble(Told("http_503", 1), kNow + 1, stored);
  EXPECT_EQ(Words(stored, kNow), "http_503 1/1/1 timeout 5/5/5 ");
}

TEST(TroubleTest, KnowsTheLastHourAndTheLastDay) {
  v1::StoredTrouble stored;
  AddTrouble(Told("reset", 1), kNow, stored);
  AddTrouble(Told("reset", 10), kNow + 5 * kHour, stored);
  EXPECT_EQ(Words(stored, kNow + 6 * kHour), "reset 10/11/11 ");
  EXPECT_EQ(Words(stored, kNow + 10 * kHour), "reset 0/11/11 ");
  EXPECT_EQ(Words(stored, kNow + 27 * kHour), "reset 0/10/11 ");
  EXPECT_EQ(Words(stored, kNow + 100 * kHour), "reset 0/0/11 ");
}

TEST(TroubleTest, KeepsADayAndNoMore) {
  v1::StoredTrouble stored;
  for (int hour = 0; hour < 100; ++hour) AddTrouble(Told("dns", 1), kNow + hour * kHour, stored);
  EXPECT_EQ(stored.hours_size(), 25);
  EXPECT_EQ(stored.total().at("dns"), 100u);
}

TEST(TroubleTest, IsBoundedWhateverIsTold) {
  v1::StoredTrouble stored;
  for (int i = 0; i < 500; ++i) AddTrouble(Told(absl::StrFormat("reason %d", i), 1), kNow, stored);
  AddTrouble(Told(std::string(1000, 'x'), 1), kNow, stored);
  EXPECT_LE(stored.total().size(), static_cast<size_t>(kMaxReasons) + 1);
  EXPECT_EQ(stored.total().at("other"), 500u - kMaxReasons + 1);
}

TEST(TroubleTest, AClockThatGoesBackLosesNothing) {
  v1::StoredTrouble stored;
  AddTrouble(Told("dns", 1), kNow, stored);
  AddTrouble(Told("dns", 1), kNow - 50 * kHour, stored);
  EXPECT_EQ(stored.total().at("dns"), 2u);
  EXPECT_EQ(Words(stored, kNow), "dns 2/2/2 ");
}

}  // namespace
}  // namespace modelwatch::indexer
