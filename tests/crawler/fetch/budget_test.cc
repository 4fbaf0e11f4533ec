// SPDX-License-Identifier: Apache-2.0
#include "crawler/fetch/budget.h"

#include <gtest/gtest.h>

#include <deque>
#include <random>

#include "absl/strings/str_format.h"
#include "testing/http_transcript.h"

namespace modelwatch::crawler {
namespace {

using ::modelwatch::testing::ParseHeaders;

const absl::Time kStart = absl::FromUnixSeconds(1'790'000'000);

common::HttpHeaders Told(int64_t remaining, int64_t seconds, int64_t quota = 100,
                         int64_t window = 300, const char* name = "api") {
  return ParseHeaders(absl::StrFormat(
      "ratelimit: \"%s\";r=%d;t=%d\nratelimit-policy: \"fixed window\";\"%s\";q=%d;w=%d\n", name,
      remaining, seconds, name, quota, window));
}

int SendAllThatMay(Budget& budget, absl::Time now, int at_most = 10'000) {
  int sent = 0;
  while (sent < at_most && budget.MaySendAt(QuotaClass::kApi, now) <= now) {
    budget.OnSend(QuotaClass::kApi);
    ++sent;
  }
  return sent;
}

TEST(BudgetTest, SendsOnlyAFewBeforeTheFirstHeader) {
  Budget budget({}, 1);
  EXPECT_EQ(SendAllThatMay(budget, kStart), 4);
  EXPECT_EQ(budget.MaySendAt(QuotaClass::kApi, kStart), absl::InfiniteFuture());
  EXPECT_LE(budget.MaySendAt(QuotaClass::kResolvers, kStart), kStart) << "another class waits too";
}

TEST(BudgetTest, AHubThatTellsNothingIsNotLimited) {
  Budget budget({}, 1);
  budget.OnSend(QuotaClass::kApi);
  budget.OnAnswer(QuotaClass::kApi, ParseHeaders(""), kStart);
  EXPECT_EQ(SendAllThatMay(budget, kStart, 500), 500);
}

TEST(BudgetTest, LeavesTheReserveAndCountsWhatIsOnItsWay) {
  Budget budget({.reserve_percent = 10}, 1);
  budget.OnSend(QuotaClass::kApi);
  budget.OnSend(QuotaClass::kApi);
  budget.OnAnswer(QuotaClass::kApi, Told(50, 200), kStart);
  // 50 left, 10 reserved, 1 still unanswered.
  EXPECT_EQ(SendAllThatMay(budget, kStart), 39);
  EXPECT_EQ(budget.MaySendAt(QuotaClass::kApi, kStart), kStart + absl::Seconds(201));
}

TEST(BudgetTest, BelievesTheLeastThatAWindowTold) {
  Budget budget({.reserve_percent = 0}, 1);
  for (int i = 0; i < 3; ++i) budget.OnSend(QuotaClass::kApi);
  budget.OnAnswer(QuotaClass::kApi, Told(10, 200), kStart);
  budget.OnAnswer(QuotaClass::kApi, Told(12, 200), kStart);  // overtaken on the way
  EXPECT_EQ(SendAllThatMay(budget, kStart), 9);
}

TEST(BudgetTest, ARequestWithoutAnAnswerCounts) {
  Budget budget({.reserve_percent = 0}, 1);
  for (int i = 0; i < 2; ++i) budget.OnSend(QuotaClass::kApi);
  budget.OnAnswer(QuotaClass::kApi, Told(10, 200), kStart);
  budget.OnNoAnswer(QuotaClass::kApi);
  EXPECT_EQ(SendAllThatMay(budget, kStart), 9);
}

TEST(BudgetTest, AnAnswerOfTheWindowBeforeSaysNothingAboutThisOne) {
  Budget budget({.reserve_percent = 0}, 1);
  budget.OnSend(QuotaClass::kApi);
  budget.OnSend(QuotaClass::kApi);
  budget.OnAnswer(QuotaClass::kApi, Told(0, 1), kStart);
  const absl::Time next = kStart + absl::Seconds(3);
  EXPECT_EQ(SendAllThatMay(budget, next, 1), 1);
  budget.OnAnswer(QuotaClass::kApi, Told(0, 0), next);  // it was on its way all the time
  EXPECT_GT(SendAllThatMay(budget, next), 50);
}

TEST(BudgetTest, WaitsForTheWindowAfterA429) {
  Budget budget({}, 1);
  budget.OnSend(QuotaClass::kApi);
  const common::HttpHeaders headers = Told(0, 120);
  budget.OnAnswer(QuotaClass::kApi, headers, kStart);
  EXPECT_EQ(budget.OnLimited(QuotaClass::kApi, headers, kStart), kStart + absl::Seconds(121));
  EXPECT_EQ(budget.MaySendAt(QuotaClass::kApi, kStart), kStart + absl::Seconds(121));
}

TEST(BudgetTest, ObeysRetryAfter) {
  Budget budget({}, 1);
  const absl::Time until =
      budget.OnLimited(QuotaClass::kApi, ParseHeaders("retry-after: 3600\n"), kStart);
  EXPECT_EQ(until, kStart + absl::Hours(1));
  EXPECT_LE(budget.MaySendAt(QuotaClass::kResolvers, kStart), kStart);
}

TEST(BudgetTest, DoublesWhenA429SaysNothing) {
  Budget budget({}, 1);
  absl::Time now = kStart;
  absl::Duration expected = absl::Seconds(60);
  for (int i = 0; i < 14; ++i) {
    const absl::Duration wait = budget.OnLimited(QuotaClass::kApi, ParseHeaders(""), now) - now;
    EXPECT_GE(wait, expected * 0.9);
    EXPECT_LE(wait, expected * 1.1);
    // Others of the same burst are no further strikes.
    EXPECT_EQ(budget.OnLimited(QuotaClass::kApi, ParseHeaders(""), now), now + wait);
    now += wait;
    expected = std::min(expected * 2, absl::Hours(24));
  }
  const absl::Time later = now + absl::Minutes(31);
  EXPECT_LE(budget.OnLimited(QuotaClass::kApi, ParseHeaders(""), later) - later, absl::Seconds(66));
}

TEST(BudgetTest, RemembersABlockOverARestart) {
  Budget before({}, 1);
  const absl::Time until =
      before.OnLimited(QuotaClass::kResolvers, ParseHeaders("retry-after: 86400\n"), kStart);
  Budget after({}, 1);
  after.Restore(before.Save());
  EXPECT_EQ(after.MaySendAt(QuotaClass::kResolvers, kStart), until);
  Budget junk({}, 1);
  junk.Restore("api x 3\nnonsense");
  EXPECT_LE(junk.MaySendAt(QuotaClass::kApi, kStart), kStart);
}

// A server with a fixed window, answers that come late and out of order, and a client that sends as
// fast as its budget allows, over 40 windows.
TEST(BudgetTest, NeverExceedsTheQuotaOverManyWindows) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    std::mt19937_64 random(seed);
    Budget budget({.reserve_percent = 5}, seed);
    const int64_t quota = 20 + static_cast<int64_t>(random() % 200);
    const absl::Duration window = absl::Seconds(10);
    absl::Time window_start = kStart - absl::Milliseconds(random() % 10'000);
    int64_t used = 0;
    int64_t total = 0;
    std::vector<std::pair<absl::Time, common::HttpHeaders>> answers;
    for (absl::Time now = kStart; now < kStart + window * 40; now += absl::Milliseconds(50)) {
      while (now >= window_start + window) {
        window_start += window;
        used = 0;
      }
      while (budget.MaySendAt(QuotaClass::kApi, now) <= now) {
        budget.OnSend(QuotaClass::kApi);
        ++used;
        ++total;
        ASSERT_LE(used, quota) << "seed " << seed;
        const int64_t left_seconds = absl::ToInt64Seconds(window_start + window - now);
        answers.emplace_back(now + absl::Milliseconds(random() % 900),
                             Told(quota - used, left_seconds, quota, 10));
      }
      for (size_t i = 0; i < answers.size();) {
        if (answers[i].first > now) {
          ++i;
          continue;
        }
        budget.OnAnswer(QuotaClass::kApi, answers[i].second, now);
        answers.erase(answers.begin() + static_cast<std::ptrdiff_t>(i));
      }
    }
    EXPECT_GT(total, quota * 25) << "the quota lies idle, seed " << seed;
  }
}

}  // namespace
}  // namespace modelwatch::crawler
