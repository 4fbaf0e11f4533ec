// SPDX-License-Identifier: Apache-2.0
// The crawler against a replay hub and an index in memory: what the hub has is what arrives, and
// trouble on either side costs nothing but time.
#include "crawler/crawler.h"

#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <thread>

#include "absl/strings/str_format.h"
#include "common/digest.h"
#include "indexer/frontier/budget.h"
#include "testing/fake_index.h"
#include "testing/process.h"
#include "testing/replay_hub_process.h"
#include "testing/shared_data.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::crawler {
namespace {

using ::modelwatch::testing::FakeIndex;
using ::modelwatch::testing::ReplayHubProcess;
using ::modelwatch::testing::StatusIs;
using ::modelwatch::testing::TempDir;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

// A hub, an index and a data directory; each Crawl() is a crawler's whole life.
class CrawlerTest : public ::testing::Test {
 protected:
  void StartHub(std::vector<std::string> flags) {
    auto hub = ReplayHubProcess::Start(std::move(flags));
    ASSERT_OK(hub);
    hub_ = *std::move(hub);
    v1::HubConfig& config = *config_.add_hubs();
    config.set_name("huggingface");
    config.set_endpoint(hub_->url());
    config.set_keep_up_ms(3'600'000);
    config_.mutable_crawl()->set_backoff_ms(5);
    options_.data_dir = dir_.Sub("data");
    options_.allow_private_addresses = true;
    options_.seed = 7;
    index_.SetLedger([this](const v1::ShareBudgetRequest& request, uint64_t token, int64_t now_us) {
      return indexer::Share(budgets_[request.key().quota_class()], request, token, now_us);
    });
  }

  // Killed, the front would leave its nghttpx behind.
  void TearDown() override {
    if (!front_.has_value()) return;
    front_->Signal(SIGTERM);
    ASSERT_OK(front_->Wait(absl::Seconds(10)));
  }

  // TLS and HTTP/2 before the hub; its certificate is DIR/front/ca.pem.
  void StartTlsFront(const std::vector<std::string>& flags = {}) {
    const std::string port = hub_->url().substr(hub_->url().rfind(':') + 1);
    std::vector<std::string> command = {
        "bash", MODELWATCH_SOURCE_DIR "/tests/replay_hub/tls_front.sh", port, dir_.Sub("front")};
    command.insert(command.end(), flags.begin(), flags.end());
    auto front = testing::Process::Start(command);
    ASSERT_OK(front);
    front_.emplace(*std::move(front));
    ASSERT_OK_AND_ASSIGN(const std::string line,
                         front_->WaitForLine("listening on ", absl::Seconds(20)));
    config_.mutable_hubs(0)->set_endpoint(line.substr(line.rfind(' ') + 1));
  }

  absl::Status Crawl() {
    index_.MakeDue();  // also what a crawler that was killed still holds
    Crawler crawler(config_, index_, common::SystemClock(), metrics_, options_);
    return crawler.RunOnce(stopper_);
  }

  [[nodiscard]] int FilesThatAre(v1::FileOutcome outcome) const {
    int count = 0;
    for (const v1::Observation& observation : index_.LatestObservations()) {
      for (const v1::File& file : observation.files()) count += file.outcome() == outcome ? 1 : 0;
    }
    return count;
  }

  // A status counter of the hub, e.g. Status("\"max_per_oid\":").
  [[nodiscard]] std::string Status() const { return hub_->Status().value_or("no status"); }

  [[nodiscard]] size_t Changes() const {
    const std::vector<v1::LogEntry> entries = index_.Entries();
    return static_cast<size_t>(
        std::count_if(entries.begin(), entries.end(),
                      [](const v1::LogEntry& entry) { return entry.has_change(); }));
  }

  TempDir dir_;
  std::map<std::string, v1::StoredBudget> budgets_;  // the index's, by class
  FakeIndex index_{common::SystemClock()};
  common::Metrics metrics_;
  common::Stopper stopper_;
  v1::Config config_;
  CrawlerOptions options_;
  std::unique_ptr<ReplayHubProcess> hub_;
  std::optional<testing::Process> front_;
};

TEST_F(CrawlerTest, TheWholeWorldArrives) {
  StartHub({"--world", "synthetic:2500", "--no-limits"});
  ASSERT_OK(Crawl());
  const std::vector<v1::Observation> seen = index_.LatestObservations();
  EXPECT_THAT(seen, SizeIs(2500));
  std::set<std::string> names;
  for (const v1::Observation& observation : seen) {
    names.insert(observation.name());
    ASSERT_FALSE(observation.files().empty()) << observation.name();
    for (const v1::File& file : observation.files()) {
      const bool is_gated = observation.access().gate() != v1::OPEN;
      EXPECT_EQ(file.outcome(), is_gated ? v1::REFUSED : v1::FETCHED) << observation.name();
      if (is_gated) continue;
      v1::GetBlobRequest request;
      request.set_digest(file.digest());
      ASSERT_OK_AND_ASSIGN(const v1::GetBlobResponse blob, index_.GetBlob(request));
      EXPECT_EQ(common::GitBlobOid(blob.content()), file.oid());
    }
  }
  EXPECT_THAT(names, SizeIs(2500));
  EXPECT_THAT(Status(), HasSubstr("\"leaked_credentials\":0"));
}

TEST_F(CrawlerTest, AsksForAWatchedReleaseBeforeAllOthers) {
  StartHub({"--world", "synthetic:3", "--no-limits"});
  ASSERT_OK(Crawl());
  const v1::Observation seen = index_.LatestObservations()[0];
  index_.Watch(seen.key(), seen.name());
  uint32_t watched = 0, others = 0;
  index_.SetLedger([&](const v1::ShareBudgetRequest& request, uint64_t token, int64_t now_us) {
    for (int i = 0; i < request.wanted_size(); ++i)
      (i == 0 ? watched : others) += request.wanted(i);
    return indexer::Share(budgets_[request.key().quota_class()], request, token, now_us);
  });
  ASSERT_OK(Crawl());
  EXPECT_GT(watched, 0u) << "the visit";
  EXPECT_GT(others, 0u) << "the listings";
}

TEST_F(CrawlerTest, EachContentIsSentOnce) {
  StartHub({"--world", "synthetic:300", "--no-limits"});
  ASSERT_OK(Crawl());
  EXPECT_THAT(index_.LatestObservations(), SizeIs(300));
  EXPECT_THAT(Status(), HasSubstr("\"max_per_oid\":1,"));
}

// What nghttpx wrote of each request: "<protocol> <client port> <request>".
struct FrontLog {
  size_t requests = 0;
  size_t http2 = 0;
  std::set<std::string> connections;
};

FrontLog ReadFrontLog(const std::string& path) {
  FrontLog log;
  std::ifstream file(path);
  for (std::string protocol, port, rest; file >> protocol >> port && std::getline(file, rest);) {
    ++log.requests;
    log.http2 += protocol == "h2" ? 1 : 0;
    log.connections.insert(port);
  }
  return log;
}

TEST_F(CrawlerTest, SpeaksHttp2OverTlsWhereItIsOfferedAndSharesItsConnections) {
  StartHub({"--world", "synthetic:400", "--no-limits"});
  StartTlsFront();
  options_.ca_file = dir_.Sub("front/ca.pem");
  ASSERT_OK(Crawl());
  EXPECT_EQ(Changes(), 400u);
  front_->Signal(SIGTERM);
  ASSERT_OK(front_->Wait(absl::Seconds(10)));
  const FrontLog log = ReadFrontLog(dir_.Sub("front/access.log"));
  EXPECT_GT(log.requests, 400u);
  EXPECT_EQ(log.http2, log.requests);
  EXPECT_LE(log.connections.size(), 4u) << "requests do not share connections";
}

TEST_F(CrawlerTest, RefusesACertificateThatNobodyItTrustsHasSigned) {
  StartHub({"--world", "synthetic:10", "--no-limits"});
  StartTlsFront();
  EXPECT_FALSE(Crawl().ok());
  EXPECT_EQ(Changes(), 0u);
  front_->Signal(SIGTERM);
  ASSERT_OK(front_->Wait(absl::Seconds(10)));
}

TEST_F(CrawlerTest, OneCrawlSweepsOnceHoweverSoonTheNextSweepIsDue) {
  StartHub({"--world", "synthetic:50", "--no-limits"});
  config_.mutable_hubs(0)->set_sweep_ms(1);
  config_.mutable_hubs(0)->set_keep_up_ms(1);
  ASSERT_OK(Crawl());
  EXPECT_THAT(Status(), HasSubstr("\"sweeps\":{\"started\":1,"));
  EXPECT_EQ(Changes(), 50u);
}

TEST_F(CrawlerTest, ASecondCrawlOfTheSameWorldChangesNothingAndReadsNoFile) {
  StartHub({"--world", "synthetic:1200", "--no-limits"});
  ASSERT_OK(Crawl());
  EXPECT_EQ(Changes(), 1200u);
  ASSERT_OK_AND_ASSIGN(const std::string before, hub_->Status());
  ASSERT_OK(Crawl());
  EXPECT_EQ(Changes(), 1200u);
  const auto resolvers = [](const std::string& status) {
    return status.substr(status.find("\"resolvers\":"), 24);
  };
  EXPECT_EQ(resolvers(Status()), resolvers(before));
}

TEST_F(CrawlerTest, FollowsEveryCaseOfTheProtocolToItsEnd) {
  StartHub({"--world", "cases:", "--no-limits"});
  ASSERT_OK(Crawl());
  for (int i = 0; i < 100 && Status().find("\"done\":true") == std::string::npos; ++i) {
    ASSERT_OK(hub_->Advance());
    ASSERT_OK(Crawl());
  }
  ASSERT_OK(Crawl());
  EXPECT_THAT(Status(), HasSubstr("\"done\":true"));
  EXPECT_THAT(Status(), HasSubstr("\"leaked_credentials\":0"));
  std::set<v1::ChangeKind> kinds;
  for (const v1::LogEntry& entry : index_.Entries()) {
    for (const int kind : entry.change().kinds()) kinds.insert(static_cast<v1::ChangeKind>(kind));
  }
  EXPECT_TRUE(kinds.contains(v1::GATE));
  EXPECT_TRUE(kinds.contains(v1::REMOVAL));
  EXPECT_TRUE(kinds.contains(v1::RENAME));
}

TEST_F(CrawlerTest, AnIndexThatGoesAwayLosesNothing) {
  StartHub({"--world", "synthetic:3000", "--no-limits"});
  Crawler crawler(config_, index_, common::SystemClock(), metrics_, options_);
  std::thread killer([this] {
    while (index_.put_batches() < 2 && !stopper_.stopped()) std::this_thread::yield();
    index_.SetAway(true);
    // The crawl goes on without the index: what it reads goes to the disk.
    while (metrics_.Text().find("modelwatch_crawl_spool_bytes") == std::string::npos) {
      std::this_thread::yield();
    }
    index_.SetAway(false);
  });
  EXPECT_OK(crawler.RunOnce(stopper_));
  killer.join();
  EXPECT_THAT(index_.LatestObservations(), SizeIs(3000));
  EXPECT_EQ(Changes(), 3000u);
}

TEST_F(CrawlerTest, WhatWasSpooledBeforeACrashIsPublishedByTheNextCrawler) {
  StartHub({"--world", "synthetic:3000", "--no-limits"});
  {
    common::Stopper crash;
    Crawler crawler(config_, index_, common::SystemClock(), metrics_, options_);
    std::thread killer([this, &crash] {
      while (index_.put_batches() < 2) std::this_thread::yield();
      index_.SetAway(true);
      while (metrics_.Text().find("modelwatch_crawl_spool_bytes") == std::string::npos) {
        std::this_thread::yield();
      }
      crash.Stop();
    });
    EXPECT_OK(crawler.Run(crash));
    killer.join();
  }
  EXPECT_LT(index_.LatestObservations().size(), 3000u);
  index_.SetAway(false);
  ASSERT_OK(Crawl());
  EXPECT_THAT(index_.LatestObservations(), SizeIs(3000));
  EXPECT_EQ(Changes(), 3000u);
}

TEST_F(CrawlerTest, ABusyIndexIsWaitedFor) {
  StartHub({"--world", "synthetic:500", "--no-limits"});
  index_.SetBusy(5);
  ASSERT_OK(Crawl());
  EXPECT_THAT(index_.LatestObservations(), SizeIs(500));
}

TEST_F(CrawlerTest, AnIndexThatLostItsBlobsGetsThemAgain) {
  StartHub({"--world", "synthetic:40", "--no-limits"});
  ASSERT_OK(Crawl());
  FakeIndex other(common::SystemClock());
  Crawler crawler(config_, other, common::SystemClock(), metrics_, options_);
  ASSERT_OK(crawler.RunOnce(stopper_));
  EXPECT_THAT(other.LatestObservations(), SizeIs(40));
}

TEST_F(CrawlerTest, KeepsToTheQuotaOfTheHub) {
  StartHub({"--world", "synthetic:150", "--quota", "20,60,5", "--window", "2"});
  ASSERT_OK(Crawl());
  EXPECT_THAT(index_.LatestObservations(), SizeIs(150));
  EXPECT_THAT(Status(), HasSubstr("\"over_quota\":{\"api\":0,\"resolvers\":0,\"pages\":0}"));
}

TEST_F(CrawlerTest, APageThatIsTooSlowIsAskedForInSmallerPieces) {
  StartHub({"--world", "synthetic:2500", "--no-limits", "--fault",
            "kind=status&code=504&only=deep&min_limit=501&count=0"});
  ASSERT_OK(Crawl());
  EXPECT_THAT(index_.LatestObservations(), SizeIs(2500));
}

struct FaultCase {
  const char* name;
  const char* fault;   // of the replay hub, tests/replay_hub/faults.h
  const char* reason;  // under which it is counted; "" = it is no trouble at all
  size_t marred = 0;  // releases whose row itself was spoilt, so that it reads otherwise afterwards
};

// What a hostile network does to a few answers costs a retry and is counted; everything arrives,
// and what is stored is what a crawl without faults would have stored.
class CrawlerFaultTest : public CrawlerTest, public ::testing::WithParamInterface<FaultCase> {
 protected:
  void ExpectContentsAreTheirOids() {
    for (const v1::Observation& observation : index_.LatestObservations()) {
      for (const v1::File& file : observation.files()) {
        if (file.outcome() != v1::FETCHED) continue;
        v1::GetBlobRequest request;
        request.set_digest(file.digest());
        ASSERT_OK_AND_ASSIGN(const v1::GetBlobResponse blob, index_.GetBlob(request));
        ASSERT_EQ(common::GitBlobOid(blob.content()), file.oid()) << observation.name();
      }
    }
  }
};

TEST_P(CrawlerFaultTest, TheWholeWorldArrivesTheReasonIsCountedAndNothingStoredIsWrong) {
  const FaultCase& fault = GetParam();
  StartHub({"--world", "synthetic:1300", "--no-limits", "--fault", fault.fault});
  config_.mutable_crawl()->set_transfer_timeout_ms(5000);
  absl::Status crawled = Crawl();
  if (!crawled.ok()) crawled = Crawl();  // a listing that failed goes on at its cursor
  ASSERT_OK(crawled);
  EXPECT_THAT(index_.LatestObservations(), SizeIs(1300));
  EXPECT_EQ(Changes(), 1300u);
  if (fault.reason[0] != '\0') {
    EXPECT_THAT(metrics_.Text(), HasSubstr(absl::StrFormat("reason=\"%s\"", fault.reason)));
  }
  ExpectContentsAreTheirOids();
  ASSERT_OK(hub_->Fault("clear=1"));
  ASSERT_OK(Crawl());
  EXPECT_LE(Changes(), 1300u + fault.marred) << "a crawl without faults found other content";
}

INSTANTIATE_TEST_SUITE_P(
    Faults, CrawlerFaultTest,
    ::testing::Values(
        FaultCase{"html", "kind=html&match=/api/models", "bad_body"},
        FaultCase{"unavailable", "kind=status&code=503&count=3", "http_503"},
        FaultCase{"limited", "kind=status&code=429&retry_after=1", "http_429"},
        FaultCase{"gzip_cut", "kind=gzip_truncate&match=/api/models", "bad_body"},
        FaultCase{"cut", "kind=truncate&at=1000&count=3", "cut_short"},
        FaultCase{"reset", "kind=reset&at=1000&count=3", "reset"},
        FaultCase{"drip", "kind=drip&bytes=64&pause_ms=50&match=/api/models", "timeout"},
        FaultCase{"length", "kind=length&delta=100&match=/api/models", "cut_short"},
        FaultCase{"short_length", "kind=length&delta=-100&match=/api/models", "bad_body"},
        FaultCase{"utf8", "kind=invalid_utf8&match=/api/models", "", 1},
        FaultCase{"deep_json", "kind=deep_json&depth=1000&match=/api/models", "", 1},
        FaultCase{"abyss", "kind=deep_json&depth=200000&match=/api/models", "", 1},
        FaultCase{"card_10_mb", "kind=huge_card_data&match=/api/models", "", 1},
        FaultCase{"card_50_mb", "kind=huge_card_data&bytes=52428800&match=/api/models", "", 1},
        FaultCase{"duplicate_link", "kind=duplicate_link&count=2", ""},
        FaultCase{"foreign_link", "kind=foreign_link&match=/api/models&count=2", "bad_link"},
        FaultCase{"page_bomb", "kind=gzip_bomb&bytes=83886080&match=/api/models", "too_large"},
        FaultCase{"file_gzip_cut", "kind=gzip_truncate&match=/resolve-cache/&count=2", ""},
        FaultCase{"file_html", "kind=html&match=/resolve-cache/&skip=50&count=3", ""}),
    [](const ::testing::TestParamInfo<FaultCase>& each) { return std::string(each.param.name); });

TEST_F(CrawlerTest, AHubThatTakesItsConnectionsAwayCostsNothing) {
  StartHub({"--world", "synthetic:400", "--no-limits"});
  StartTlsFront({"--frontend-max-requests=20"});  // GOAWAY after twenty
  options_.ca_file = dir_.Sub("front/ca.pem");
  ASSERT_OK(Crawl());
  EXPECT_THAT(index_.LatestObservations(), SizeIs(400));
  EXPECT_EQ(Changes(), 400u);
  EXPECT_GT(ReadFrontLog(dir_.Sub("front/access.log")).connections.size(), 10u);
}

TEST_F(CrawlerTest, ACertificateThatIsOverIsRefusedAndCounted) {
  StartHub({"--world", "synthetic:10", "--no-limits"});
  StartTlsFront({"expired"});
  options_.ca_file = dir_.Sub("front/ca.pem");
  EXPECT_THAT(Crawl(), StatusIs(absl::StatusCode::kUnavailable, "expired"));
  EXPECT_EQ(Changes(), 0u);
  EXPECT_THAT(metrics_.Text(), HasSubstr("reason=\"tls\""));
}

TEST_F(CrawlerTest, ANameThatNobodyKnowsIsToldAndCounted) {
  StartHub({"--world", "synthetic:10", "--no-limits"});
  config_.mutable_hubs(0)->set_endpoint("http://hub.invalid");
  config_.mutable_crawl()->set_max_tries(2);
  EXPECT_THAT(Crawl(), StatusIs(absl::StatusCode::kUnavailable, "resolve"));
  EXPECT_THAT(metrics_.Text(), HasSubstr("reason=\"dns\""));
}

TEST_F(CrawlerTest, AListingThatGoesRoundInACircleIsLeftAndCounted) {
  StartHub({"--world", "synthetic:2500", "--no-limits", "--fault",
            "kind=looping_link&match=/api/models&only=deep&count=0"});
  EXPECT_THAT(Crawl(), StatusIs(absl::StatusCode::kUnavailable, "read already"));
  EXPECT_THAT(metrics_.Text(), HasSubstr("reason=\"looping_cursor\""));
  ASSERT_OK(hub_->Fault("clear=1"));
  ASSERT_OK(Crawl());
  EXPECT_THAT(index_.LatestObservations(), SizeIs(2500));
  EXPECT_EQ(Changes(), 2500u);
}

TEST_F(CrawlerTest, AFileThatIsABombIsTooLargeAndTheRestArrives) {
  StartHub({"--world", "synthetic:50", "--no-limits", "--fault",
            "kind=gzip_bomb&bytes=83886080&match=/model-7/&count=0"});
  ASSERT_OK(Crawl());
  EXPECT_THAT(index_.LatestObservations(), SizeIs(50));
  EXPECT_EQ(FilesThatAre(v1::TOO_LARGE), 1);
}

TEST_F(CrawlerTest, AHugeCardIsToldAndNotKept) {
  StartHub({"--world", "synthetic:50", "--no-limits", "--fault",
            "kind=huge_file&bytes=52428800&match=/model-7/&count=0"});
  ASSERT_OK(Crawl());
  EXPECT_EQ(FilesThatAre(v1::TOO_LARGE), 1);
  EXPECT_THAT(index_.LatestObservations(), SizeIs(50));
}

TEST_F(CrawlerTest, AFileThatNeverComesIsToldAndTheRestArrives) {
  StartHub({"--world", "synthetic:50", "--no-limits", "--fault",
            "kind=status&code=500&count=0&match=/model-7/"});
  ASSERT_OK(Crawl());
  EXPECT_THAT(index_.LatestObservations(), SizeIs(49));
}

TEST_F(CrawlerTest, AListingThatIsBrokenForGoodIsTheOnlyFailure) {
  StartHub({"--world", "synthetic:2500", "--no-limits", "--fault",
            "kind=html&match=/api/models&only=deep&count=0"});
  EXPECT_THAT(Crawl(), StatusIs(absl::StatusCode::kUnavailable, "no JSON array"));
  // The oldest page by the sweep, the newest by the keep-up.
  EXPECT_THAT(index_.LatestObservations(), SizeIs(2000));
  ASSERT_OK(hub_->Fault("clear=1"));
  ASSERT_OK(Crawl());
  EXPECT_THAT(index_.LatestObservations(), SizeIs(2500));
}

TEST_F(CrawlerTest, ReadsTheWholeHubOf2022) {
  SKIP_WITHOUT_SHARED_DATA();
  const std::string models = ::modelwatch::testing::SharedData("hf-2022/models.jsonl.zst").string();
  StartHub({"--world", "hf-2022:" + models, "--no-limits"});
  const absl::Time start = absl::Now();
  ASSERT_OK(Crawl());
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  std::set<std::string> ids;
  for (const v1::Observation& seen : index_.LatestObservations()) ids.insert(seen.key().id());
  EXPECT_THAT(ids, SizeIs(29'432));
  EXPECT_EQ(Changes(), 29'432u);
  RecordProperty("observations_per_second", std::to_string(29'432 / seconds));
  absl::FPrintF(stderr, "%.0f observations/s\n", 29'432 / seconds);
}

TEST_F(CrawlerTest, SaysWhichHubIsUnknown) {
  config_.add_hubs()->set_name("nowhere");
  options_.data_dir = dir_.Sub("data");
  EXPECT_THAT(Crawl(), StatusIs(absl::StatusCode::kInvalidArgument, "nowhere"));
}

TEST_F(CrawlerTest, RefusesAHubInAPrivateNetworkUnlessAllowed) {
  StartHub({"--world", "synthetic:5"});
  options_.allow_private_addresses = false;
  EXPECT_THAT(Crawl(), StatusIs(absl::StatusCode::kUnavailable, "private address"));
}

}  // namespace
}  // namespace modelwatch::crawler
