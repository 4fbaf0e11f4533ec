// SPDX-License-Identifier: Apache-2.0
// The watch of the watch, with real parts: a hub that falls silent is told of once, whoever is
// killed and restarted meanwhile, and so is a canary that does not come through though listings do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <functional>
#include <optional>
#include <thread>

#include "absl/time/clock.h"
#include "crawler/crawler.h"
#include "evaluator/evaluator.h"
#include "indexer/indexer.h"
#include "testing/process.h"
#include "testing/replay_hub_process.h"
#include "testing/shifted_clock.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::e2e {
namespace {

using ::modelwatch::testing::Process;
using ::modelwatch::testing::ReplayHubProcess;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SilenceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    // Long after its releases were made, and its clock runs.
    ASSERT_OK_AND_ASSIGN(
        hub_, ReplayHubProcess::Start({"--world", "synthetic:30", "--no-limits", "--clock",
                                       "scaled:10", "--start", "2024-01-01T00:00:00Z"}));
    OpenIndex();
  }
  void TearDown() override {
    stopper_.Stop();
    if (crawling_.joinable()) crawling_.join();
  }

  void OpenIndex() {
    index_.reset();
    indexer_.reset();
    indexer::IndexerOptions options;
    options.data_dir = dir_.Sub("index");
    ASSERT_OK_AND_ASSIGN(indexer_, indexer::Indexer::Open(options, clock_, metrics_));
    index_ = indexer_->InProcess();
  }
  // A process of its own, that may be killed.
  void StartCrawlerProcess() {
    auto started = Process::Start(
        {MODELWATCH_CRAWLER_DAEMONS, "crawl", hub_->url(), indexer_->address(), dir_.Sub("crawl")});
    ASSERT_OK(started);
    crawler_process_.emplace(*std::move(started));
  }
  void KillCrawlerProcess() {
    crawler_process_->Signal(SIGKILL);
    ASSERT_OK(crawler_process_->Wait(absl::Seconds(10)));
    crawler_process_.reset();
  }
  // Here, with a canary.
  void StartCrawler(const std::string& canary) {
    v1::Config config;
    v1::HubConfig& hub = *config.add_hubs();
    hub.set_name("huggingface");
    hub.set_endpoint(hub_->url());
    hub.set_keep_up_ms(200);
    hub.set_sweep_ms(200);
    hub.set_canary(canary);
    hub.set_canary_ms(1'000);
    config.mutable_crawl()->set_backoff_ms(5);
    config.mutable_crawl()->set_max_tries(2);
    crawling_ = std::thread([this, config] {
      crawler::CrawlerOptions options;
      options.data_dir = dir_.Sub("crawl");
      options.allow_private_addresses = true;
      crawler::Crawler crawler(config, *index_, clock_, metrics_, options);
      EXPECT_OK(crawler.Run(stopper_));
    });
  }

  v1::HubStatus Hub() {
    v1::GetStatusRequest request;
    request.set_health(true);
    const auto status = index_->GetStatus(request);
    return status.ok() && status->hubs_size() == 1 ? status->hubs(0) : v1::HubStatus();
  }
  void WaitFor(const char* what, const std::function<bool(const v1::HubStatus&)>& is_so) {
    const absl::Time deadline = absl::Now() + absl::Seconds(60);
    while (!is_so(Hub())) {
      ASSERT_LT(absl::Now(), deadline) << what << "\n" << Hub().DebugString();
      absl::SleepFor(absl::Milliseconds(20));
    }
  }
  // A new evaluator each time: what was told stands in the index alone.
  std::vector<std::string> Told() {
    evaluator::Evaluator judge({}, *index_, nullptr, metrics_, nullptr, clock_);
    EXPECT_OK(judge.RunOnce(stopper_));
    v1::ListAlertsRequest request;
    const auto alerts = index_->ListAlerts(request);
    std::vector<std::string> rules;
    EXPECT_OK(alerts);
    if (!alerts.ok()) return rules;
    for (const v1::Alert& alert : alerts->alerts()) {
      rules.push_back(alert.rule());
      last_words_ = alert.cause().text();
    }
    return rules;
  }

  testing::TempDir dir_;
  testing::ShiftedClock clock_;
  common::Metrics metrics_;
  common::Stopper stopper_;
  std::unique_ptr<ReplayHubProcess> hub_;
  std::unique_ptr<indexer::Indexer> indexer_;
  std::unique_ptr<indexer::Index> index_;
  std::optional<Process> crawler_process_;
  std::thread crawling_;
  std::string last_words_;
};

bool WasHeard(const v1::HubStatus& hub) { return hub.last_keep_up_us() > 0 && !hub.is_silent(); }

TEST_F(SilenceTest, IsToldOnceWithItsReasonAndSoIsItsEndWhoeverIsKilled) {
  StartCrawlerProcess();
  WaitFor("the first keep-up", WasHeard);
  EXPECT_THAT(Told(), IsEmpty());

  ASSERT_OK(hub_->Fault("kind=status&code=503&count=0"));
  WaitFor("trouble", [](const v1::HubStatus& hub) { return hub.trouble_size() > 0; });
  clock_.Advance(absl::Minutes(5));
  EXPECT_THAT(Told(), ElementsAre("hub-silent"));
  EXPECT_THAT(last_words_, HasSubstr("http_503"));

  KillCrawlerProcess();
  OpenIndex();
  EXPECT_THAT(Told(), ElementsAre("hub-silent"));
  StartCrawlerProcess();
  clock_.Advance(absl::Minutes(5));
  EXPECT_THAT(Told(), ElementsAre("hub-silent"));

  ASSERT_OK(hub_->Fault("clear=1"));
  clock_.Advance(absl::Hours(2));  // failed work rests at most an hour
  WaitFor("a listing after the silence", WasHeard);
  EXPECT_THAT(Told(), ElementsAre("hub-silent", "hub-heard"));
  OpenIndex();
  EXPECT_THAT(Told(), ElementsAre("hub-silent", "hub-heard"));
}

TEST_F(SilenceTest, OfTheCanaryIsToldThoughListingsGoOn) {
  StartCrawler("org-3/model-3");
  WaitFor("the canary", [](const v1::HubStatus& hub) { return hub.canary_ok_us() > 0; });
  EXPECT_EQ(Hub().canary(), "org-3/model-3");
  EXPECT_THAT(Told(), IsEmpty());

  ASSERT_OK(hub_->Fault("kind=status&code=503&match=/api/models/org-3/model-3&count=0"));
  clock_.Advance(absl::Minutes(5));
  WaitFor("listings that go on",
          [](const v1::HubStatus& hub) { return hub.is_canary_silent() && !hub.is_silent(); });
  EXPECT_THAT(Told(), ElementsAre("canary-silent"));

  ASSERT_OK(hub_->Fault("clear=1"));
  clock_.Advance(absl::Hours(2));
  WaitFor("the canary again", [](const v1::HubStatus& hub) {
    return hub.canary_ok_us() > hub.canary_told_us() && !hub.is_silent();
  });
  EXPECT_THAT(Told(), ElementsAre("canary-silent", "canary-heard"));
}

TEST_F(SilenceTest, ACompleteCrawlMeasuresItselfAsComplete) {
  StartCrawler("");
  WaitFor("a sweep and a keep-up after it", [](const v1::HubStatus& hub) {
    return hub.sweeps() >= 2 && hub.settled() > 0 && hub.settled() == hub.settled_known();
  });
  const v1::HubStatus hub = Hub();
  EXPECT_EQ(hub.listed(), 30u);
  EXPECT_EQ(hub.found(), 30u);
  EXPECT_EQ(hub.settled(), 30u);
  EXPECT_FALSE(hub.canary().empty()) << "the first release is taken when none is named";
  EXPECT_EQ(hub.due_size(), 6);
  EXPECT_FALSE(hub.budgets().empty());
}

}  // namespace
}  // namespace modelwatch::e2e
