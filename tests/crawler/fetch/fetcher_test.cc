// SPDX-License-Identifier: Apache-2.0
#include "crawler/fetch/fetcher.h"

#include <gmock/gmock.h>

#include "absl/strings/str_format.h"
#include "crawler/hub/huggingface.h"
#include "indexer/frontier/budget.h"
#include "testing/fake_clock.h"
#include "testing/fake_http_client.h"
#include "testing/status_matchers.h"

namespace modelwatch::crawler {
namespace {

using ::modelwatch::testing::FakeClock;
using ::modelwatch::testing::FakeHttpClient;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Pair;

class FetcherTest : public ::testing::Test {
 protected:
  Fetcher& Make(FetcherOptions options = {}) {
    BudgetOptions budget;
    budget.hub = "huggingface";
    budget.share = [this](const v1::ShareBudgetRequest& request) {
      return indexer::Share(budgets_[request.key().quota_class()], request, ++token_,
                            common::ToMicros(clock_.Now()));
    };
    fetcher_ = std::make_unique<Fetcher>(*hub_, client_, clock_, metrics_, budget, options);
    return *fetcher_;
  }

  void Fetch(FetchRequest request) {
    fetcher_->Fetch(std::move(request), [this](FetchResult result) { results_.push_back(result); });
    fetcher_->Pump();
  }
  void Fetch(const std::string& target) {
    FetchRequest request;
    request.target = target;
    Fetch(std::move(request));
  }

  std::unique_ptr<Hub> hub_ = NewHuggingFace("huggingface", "https://hub.example").value();
  FakeHttpClient client_;
  FakeClock clock_;
  common::Metrics metrics_;
  std::map<std::string, v1::StoredBudget> budgets_;  // the index's
  uint64_t token_ = 0;
  std::unique_ptr<Fetcher> fetcher_;
  std::vector<FetchResult> results_;
};

TEST_F(FetcherTest, SendsTheTokenAndTheKnownOidToTheHub) {
  Make({.token = "hf_secret"});
  FetchRequest request;
  request.target = "/api/resolve-cache/models/a/b/c/LICENSE";
  request.known_oid = "abc";
  Fetch(std::move(request));
  ASSERT_EQ(client_.started.size(), 1u);
  EXPECT_EQ(client_.started[0].request.url,
            "https://hub.example/api/resolve-cache/models/a/b/c/LICENSE");
  EXPECT_THAT(client_.started[0].request.headers,
              Contains(Pair("Authorization", "Bearer hf_secret")));
  EXPECT_THAT(client_.started[0].request.headers, Contains(Pair("If-None-Match", "\"abc\"")));
  client_.Answer(304);
  ASSERT_EQ(results_.size(), 1u);
  EXPECT_EQ(results_[0].outcome, Outcome::kNotModified);
}

TEST_F(FetcherTest, RetriesTroubleWithGrowingWaits) {
  Make({.max_tries = 3, .backoff = absl::Seconds(1)});
  Fetch("/api/models/a/b");
  client_.Answer(503);
  EXPECT_TRUE(client_.started.empty());
  EXPECT_GT(fetcher_->Pump(), clock_.Now());
  clock_.Advance(absl::Seconds(2));
  fetcher_->Pump();
  client_.Break(absl::DeadlineExceededError("too slow"));
  clock_.Advance(absl::Seconds(4));
  fetcher_->Pump();
  client_.Answer(200, "", "{}");
  ASSERT_EQ(results_.size(), 1u);
  EXPECT_EQ(results_[0].outcome, Outcome::kOk);
  EXPECT_EQ(results_[0].tries, 3);
  EXPECT_EQ(fetcher_->pending(), 0u);
}

TEST_F(FetcherTest, GivesUpAndSaysHowOftenItTried) {
  Make({.max_tries = 2});
  Fetch("/api/models/a/b");
  client_.Answer(500);
  clock_.Advance(absl::Minutes(1));
  fetcher_->Pump();
  client_.Answer(500);
  ASSERT_EQ(results_.size(), 1u);
  EXPECT_EQ(results_[0].outcome, Outcome::kRetryable);
  EXPECT_THAT(results_[0].reason, HasSubstr("/api/models/a/b: HTTP 500 (2 tries)"));
}

TEST_F(FetcherTest, DoesNotRetryWhatWillNotHelp) {
  Make();
  Fetch("/api/models/a/b");
  client_.Answer(401);
  Fetch("/api/models/a/c");
  client_.Break(absl::PermissionDeniedError("a private address"));
  ASSERT_EQ(results_.size(), 2u);
  EXPECT_EQ(results_[0].outcome, Outcome::kMissingOrPrivate);
  EXPECT_EQ(results_[1].outcome, Outcome::kRefused);
}

TEST_F(FetcherTest, ABodyThatFailsItsCheckIsFetchedAgain) {
  Make({.max_tries = 2});
  FetchRequest request;
  request.target = "/api/models";
  request.check = [](common::HttpResponse& response) {
    return response.body == "good" ? absl::OkStatus() : absl::InvalidArgumentError("bad body");
  };
  Fetch(std::move(request));
  client_.Answer(200, "", "bad");
  clock_.Advance(absl::Minutes(1));
  fetcher_->Pump();
  client_.Answer(200, "", "good");
  ASSERT_EQ(results_.size(), 1u);
  EXPECT_EQ(results_[0].outcome, Outcome::kOk);
}

TEST_F(FetcherTest, A429BlocksItsClassAlsoForTheNextCrawler) {
  Make();
  Fetch("/api/models/a/b");
  client_.Answer(429, "retry-after: 600\n");
  Fetch("/api/models/a/c");
  EXPECT_TRUE(client_.started.empty());
  Fetch("/a/b/resolve/main/LICENSE");
  EXPECT_EQ(client_.started.size(), 1u) << "the other class goes on";
  client_.Answer(200);
  Make();
  Fetch("/api/models/a/d");
  EXPECT_TRUE(client_.started.empty()) << "forgotten over a restart";
  clock_.Advance(absl::Seconds(601));
  fetcher_->Pump();
  EXPECT_EQ(client_.started.size(), 1u);
}

TEST_F(FetcherTest, UrgentRequestsGoFirstAndTheLimitHolds) {
  Make({.max_in_flight = 1});
  Fetch("/api/models/a/1");
  client_.Answer(200);
  Fetch("/api/models/a/2");
  Fetch("/api/models/a/3");
  FetchRequest urgent;
  urgent.target = "/api/models/page";
  urgent.is_urgent = true;
  Fetch(std::move(urgent));
  ASSERT_EQ(client_.started.size(), 1u);
  client_.Answer(200);
  fetcher_->Pump();
  EXPECT_THAT(client_.started[0].request.url, HasSubstr("/api/models/page"));
}

TEST_F(FetcherTest, WhatIsWatchedGoesBeforeChangesSweepsAndBackfill) {
  Make({.max_in_flight = 1});
  Fetch("/api/models/first");
  for (const Priority priority :
       {Priority::kBackfill, Priority::kSweep, Priority::kWatched, Priority::kChanged}) {
    FetchRequest request;
    request.target = absl::StrFormat("/api/models/%d", static_cast<int>(priority));
    request.priority = priority;
    request.is_urgent = priority == Priority::kBackfill;
    Fetch(std::move(request));
  }
  for (const char* target : {"first", "0", "1", "2", "3"}) {
    fetcher_->Pump();
    ASSERT_EQ(client_.started.size(), 1u);
    EXPECT_EQ(client_.started[0].request.url,
              absl::StrFormat("https://hub.example/api/models/%s", target));
    client_.Answer(200);
  }
}

TEST_F(FetcherTest, AClockThatGoesBackMakesNothingWaitForTheOldTime) {
  Make();
  Fetch("/api/models/a/1");
  client_.Answer(503);
  Fetch("/api/models/a/2");
  clock_.Advance(-absl::Hours(5));
  fetcher_->Pump();
  client_.Answer(200, "", "{}");
  clock_.Advance(absl::Seconds(61));
  fetcher_->Pump();
  ASSERT_EQ(client_.started.size(), 1u) << "the retry waits for five hours";
  client_.Answer(200, "", "{}");
  EXPECT_EQ(results_.size(), 2u);
}

TEST_F(FetcherTest, AFinalStatusIsAResultAtOnce) {
  Make();
  FetchRequest request;
  request.target = "/api/models";
  request.final_status = 504;
  Fetch(std::move(request));
  client_.Answer(504);
  ASSERT_EQ(results_.size(), 1u);
  EXPECT_EQ(results_[0].response.status, 504);
}

}  // namespace
}  // namespace modelwatch::crawler
