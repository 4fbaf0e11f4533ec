// SPDX-License-Identifier: Apache-2.0
// A crawler's side of the budgets, against the real ledger.
#include "crawler/fetch/budget.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <vector>

#include "absl/strings/str_format.h"
#include "common/clock.h"
#include "indexer/frontier/budget.h"
#include "testing/http_transcript.h"

namespace modelwatch::crawler {
namespace {

using ::modelwatch::testing::ParseHeaders;

const absl::Time kStart = absl::FromUnixSeconds(1'790'000'000);
constexpr Waiting kMany = {10'000, 0, 0, 0};

common::HttpHeaders Told(int64_t remaining, int64_t seconds, int64_t quota = 1600,
                         int64_t window = 300, const char* name = "api") {
  return ParseHeaders(absl::StrFormat(
      "ratelimit: \"%s\";r=%d;t=%d\nratelimit-policy: \"fixed window\";\"%s\";q=%d;w=%d\n", name,
      remaining, seconds, name, quota, window));
}

// The index's ledger, as on disk: each call reads and writes bytes.
struct Ledger {
  std::map<std::string, std::string> stored;  // by class
  uint64_t token = 0;
  absl::Time now = kStart;
  bool away = false;
  int calls = 0;
  std::vector<v1::ShareBudgetRequest> requests;

  absl::StatusOr<v1::ShareBudgetResponse> Call(const v1::ShareBudgetRequest& request) {
    if (away) return absl::UnavailableError("the index is away");
    ++calls;
    requests.push_back(request);
    v1::StoredBudget budget;
    std::string& bytes = stored[request.key().quota_class()];
    budget.ParseFromString(bytes);
    const auto response = indexer::Share(budget, request, ++token, common::ToMicros(now));
    bytes = budget.SerializeAsString();
    return response;
  }

  BudgetOptions Options(int reserve_percent = 0) {
    BudgetOptions options;
    options.hub = "hub";
    options.reserve_percent = reserve_percent;
    options.share = [this](const v1::ShareBudgetRequest& request) { return Call(request); };
    return options;
  }
};

int SendAllThatMay(Budget& budget, absl::Time now, int at_most = 10'000) {
  int sent = 0;
  while (sent < at_most && budget.MaySendAt(QuotaClass::kApi, kMany, now) <= now) {
    budget.OnSend(QuotaClass::kApi);
    ++sent;
  }
  return sent;
}

TEST(BudgetTest, SendsOnlyAFewBeforeTheFirstHeader) {
  Ledger ledger;
  Budget budget(ledger.Options());
  EXPECT_EQ(SendAllThatMay(budget, kStart), 4);
  EXPECT_GT(budget.MaySendAt(QuotaClass::kApi, kMany, kStart), kStart);
  EXPECT_LE(budget.MaySendAt(QuotaClass::kResolvers, kMany, kStart), kStart)
      << "another class waits too";
}

TEST(BudgetTest, AsksAgainAsSoonAsTheHubHasTold) {
  Ledger ledger;
  Budget budget(ledger.Options());
  SendAllThatMay(budget, kStart);
  budget.OnAnswer(QuotaClass::kApi, 200, Told(50, 200), kStart);
  EXPECT_EQ(SendAllThatMay(budget, kStart), 47) << "50 left, three on their way";
}

TEST(BudgetTest, TellsTheLedgerOnceWhatAnswersCouldNotBeUsed) {
  Ledger ledger;
  Budget budget(ledger.Options());
  SendAllThatMay(budget, kStart, 2);
  budget.OnTrouble(QuotaClass::kApi, "http_503");
  budget.OnTrouble(QuotaClass::kApi, "http_503");
  budget.OnTrouble(QuotaClass::kResolvers, "timeout");
  ledger.away = true;
  budget.Settle(QuotaClass::kApi, {}, kStart + absl::Seconds(10));
  ledger.away = false;
  budget.Settle(QuotaClass::kApi, {}, kStart + absl::Seconds(20));
  EXPECT_EQ(ledger.requests.back().trouble().at("http_503"), 2u) << "kept while it was away";
  (void)budget.MaySendAt(QuotaClass::kApi, kMany, kStart + absl::Seconds(30));
  EXPECT_TRUE(ledger.requests.back().trouble().empty());
  (void)budget.MaySendAt(QuotaClass::kResolvers, kMany, kStart + absl::Seconds(30));
  EXPECT_EQ(ledger.requests.back().trouble().at("timeout"), 1u);
}

TEST(BudgetTest, ARequestWithoutAnAnswerCounts) {
  Ledger ledger;
  Budget budget(ledger.Options());
  SendAllThatMay(budget, kStart, 2);
  budget.OnAnswer(QuotaClass::kApi, 200, Told(10, 200), kStart);
  budget.OnNoAnswer(QuotaClass::kApi, kStart);
  EXPECT_LE(SendAllThatMay(budget, kStart), 9);
}

TEST(BudgetTest, BelievesTheLeastThatAWindowTold) {
  Ledger ledger;
  Budget budget(ledger.Options());
  SendAllThatMay(budget, kStart, 2);
  budget.OnAnswer(QuotaClass::kApi, 200, Told(10, 200), kStart);
  budget.OnAnswer(QuotaClass::kApi, 200, Told(12, 200), kStart);  // overtaken on the way
  EXPECT_EQ(SendAllThatMay(budget, kStart), 10);
}

TEST(BudgetTest, ObeysARefusalAtOnceAndInItsClassAlone) {
  Ledger ledger;
  Budget budget(ledger.Options());
  SendAllThatMay(budget, kStart, 1);
  const common::HttpHeaders headers = ParseHeaders("retry-after: 3600\n");
  budget.OnAnswer(QuotaClass::kApi, 429, headers, kStart);
  const absl::Time until = budget.OnLimited(QuotaClass::kApi, headers, kStart);
  EXPECT_GE(until, kStart + absl::Hours(1));
  EXPECT_LE(until, kStart + absl::Hours(1) + absl::Seconds(1));
  EXPECT_EQ(SendAllThatMay(budget, kStart + absl::Minutes(59)), 0);
  EXPECT_LE(budget.MaySendAt(QuotaClass::kResolvers, kMany, kStart), kStart);
  Budget after_a_restart(ledger.Options());
  ledger.now = kStart + absl::Minutes(59);
  EXPECT_EQ(SendAllThatMay(after_a_restart, ledger.now), 0) << "forgotten over a restart";
}

TEST(BudgetTest, WaitsForTheWindowAfterARefusalThatTellsIt) {
  Ledger ledger;
  Budget budget(ledger.Options());
  SendAllThatMay(budget, kStart, 1);
  budget.OnAnswer(QuotaClass::kApi, 429, Told(0, 120), kStart);
  const absl::Time until = budget.OnLimited(QuotaClass::kApi, Told(0, 120), kStart);
  EXPECT_GE(until, kStart + absl::Seconds(121));
  EXPECT_LE(until, kStart + absl::Seconds(122));
}

TEST(BudgetTest, SendsNothingWithoutTheIndexAndObeysRefusalsAlone) {
  Ledger ledger;
  Budget budget(ledger.Options());
  SendAllThatMay(budget, kStart, 1);
  ledger.away = true;
  budget.OnAnswer(QuotaClass::kApi, 429, ParseHeaders(""), kStart);
  EXPECT_GE(budget.OnLimited(QuotaClass::kApi, ParseHeaders(""), kStart),
            kStart + absl::Seconds(60));
  EXPECT_EQ(SendAllThatMay(budget, kStart + absl::Seconds(61)), 0);
  ledger.away = false;
  EXPECT_EQ(SendAllThatMay(budget, kStart + absl::Seconds(63)), 0) << "the strike was not told";
}

TEST(BudgetTest, ASettledShareIsClosedAndToldOnce) {
  Ledger ledger;
  Budget budget(ledger.Options());
  SendAllThatMay(budget, kStart, 1);
  budget.OnAnswer(QuotaClass::kApi, 200, Told(99, 200), kStart);
  EXPECT_GT(budget.Settle(QuotaClass::kApi, {}, kStart), kStart);
  EXPECT_EQ(budget.Settle(QuotaClass::kApi, {}, kStart + absl::Seconds(3)), absl::InfiniteFuture());
  v1::StoredBudget stored;
  stored.ParseFromString(ledger.stored["api"]);
  EXPECT_EQ(stored.shares_size(), 0);
  EXPECT_EQ(stored.left(), 99);
  EXPECT_EQ(ledger.calls, 2);
}

TEST(BudgetTest, ACrawlerThatStopsGivesBackWhatItDidNotSend) {
  Ledger ledger;
  for (int i = 0; i < 10; ++i) {
    Budget budget(ledger.Options());
    EXPECT_EQ(SendAllThatMay(budget, kStart, 1), 1) << "after " << i;
    budget.OnAnswer(QuotaClass::kApi, 200, ParseHeaders(""), kStart);
    budget.GiveBack(kStart);
  }
}

TEST(BudgetTest, AnAccountIsNamedWithoutItsCredential) {
  EXPECT_EQ(AccountOf(""), "");
  EXPECT_EQ(AccountOf("hf_secret").size(), 16u);
  EXPECT_NE(AccountOf("hf_secret"), AccountOf("hf_other"));
  EXPECT_EQ(AccountOf("hf_secret").find("secret"), std::string::npos);
}

// A hub with fixed windows and several crawlers that send as fast as they may; answers come late
// and out of order, crawlers are killed with requests on their way, the index goes away or its
// answers get lost. Over 40 windows no window holds more than the quota, and it does not lie idle.
class ManyCrawlers {
 public:
  explicit ManyCrawlers(uint64_t seed) : random_(seed) {
    quota_ = 40 + static_cast<int64_t>(random_() % 200);
    window_start_ = kStart - absl::Milliseconds(random_() % 10'000);
    crawlers_.resize(1 + random_() % 4);
  }

  void Run() {
    for (; now_ < kStart + kWindow * 40; now_ += absl::Milliseconds(50)) {
      ledger_.now = now_;
      ledger_.away = random_() % 50 == 0;
      for (; now_ >= window_start_ + kWindow; window_start_ += kWindow) used_ = 0;
      for (Crawler& crawler : crawlers_) Step(crawler);
    }
  }
  [[nodiscard]] int64_t most() const { return most_; }
  [[nodiscard]] int64_t total() const { return total_; }
  [[nodiscard]] int64_t quota() const { return quota_; }

 private:
  static constexpr absl::Duration kWindow = absl::Seconds(10);
  struct Crawler {
    std::unique_ptr<Budget> budget;
    std::vector<std::pair<absl::Time, common::HttpHeaders>> answers;
  };

  void Step(Crawler& crawler) {
    if (!crawler.budget || random_() % 400 == 0) {  // killed and started again
      crawler.answers.clear();
      crawler.budget = std::make_unique<Budget>(Options());
    }
    Budget& budget = *crawler.budget;
    for (size_t i = 0; i < crawler.answers.size();) {
      if (crawler.answers[i].first > now_) {
        ++i;
        continue;
      }
      budget.OnAnswer(QuotaClass::kApi, 200, crawler.answers[i].second, now_);
      crawler.answers.erase(crawler.answers.begin() + static_cast<std::ptrdiff_t>(i));
    }
    const Waiting waiting = {0, 50, 50, 50};
    while (crawler.answers.size() < 32 &&
           budget.MaySendAt(QuotaClass::kApi, waiting, now_) <= now_) {
      budget.OnSend(QuotaClass::kApi);
      ++total_;
      most_ = std::max(most_, ++used_);
      const int64_t seconds = absl::ToInt64Seconds(window_start_ + kWindow - now_);
      crawler.answers.emplace_back(now_ + absl::Milliseconds(random_() % 900),
                                   Told(std::max<int64_t>(quota_ - used_, 0), seconds, quota_, 10));
    }
    budget.Settle(QuotaClass::kApi, waiting, now_);
  }

  BudgetOptions Options() {
    BudgetOptions options = ledger_.Options(5);
    options.share =
        [this](const v1::ShareBudgetRequest& request) -> absl::StatusOr<v1::ShareBudgetResponse> {
      auto response = ledger_.Call(request);
      if (random_() % 40 == 0) return absl::DeadlineExceededError("the answer was lost");
      return response;
    };
    return options;
  }

  std::mt19937_64 random_;
  Ledger ledger_;
  std::vector<Crawler> crawlers_;
  absl::Time now_ = kStart;
  absl::Time window_start_;
  int64_t quota_ = 0;
  int64_t used_ = 0;
  int64_t most_ = 0;
  int64_t total_ = 0;
};

TEST(BudgetTest, NeverExceedsTheQuotaWhoeverIsKilled) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    ManyCrawlers hub(seed);
    hub.Run();
    EXPECT_LE(hub.most(), hub.quota()) << "seed " << seed;
    EXPECT_GT(hub.total(), hub.quota() * 40 / 3) << "the quota lies idle, seed " << seed;
  }
}

}  // namespace
}  // namespace modelwatch::crawler
