// SPDX-License-Identifier: Apache-2.0
// The crawler against a replay hub and an index in memory: what the hub has is what arrives, and
// trouble on either side costs nothing but time.
#include "crawler/crawler.h"

#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <optional>
#include <set>
#include <thread>

#include "absl/strings/str_format.h"
#include "common/digest.h"
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
  }

  // TLS and HTTP/2 before the hub; its certificate is DIR/front/ca.pem.
  void StartTlsFront() {
    const std::string port = hub_->url().substr(hub_->url().rfind(':') + 1);
    auto front = testing::Process::Start(
        {"bash", MODELWATCH_SOURCE_DIR "/tests/replay_hub/tls_front.sh", port, dir_.Sub("front")});
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

  // A status counter of the hub, e.g. Status("\"max_per_oid\":").
  [[nodiscard]] std::string Status() const { return hub_->Status().value_or("no status"); }

  [[nodiscard]] size_t Changes() const {
    const std::vector<v1::LogEntry> entries = index_.Entries();
    return static_cast<size_t>(
        std::count_if(entries.begin(), entries.end(),
                      [](const v1::LogEntry& entry) { return entry.has_change(); }));
  }

  TempDir dir_;
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

// One spoiled answer (or a few) costs a retry, nothing else.
class CrawlerFaultTest : public CrawlerTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(CrawlerFaultTest, TheWholeWorldArrivesAllTheSame) {
  StartHub({"--world", "synthetic:1300", "--no-limits", "--fault", GetParam()});
  ASSERT_OK(Crawl());
  EXPECT_THAT(index_.LatestObservations(), SizeIs(1300));
  EXPECT_EQ(Changes(), 1300u);
}

INSTANTIATE_TEST_SUITE_P(
    Faults, CrawlerFaultTest,
    ::testing::Values("kind=html&match=/api/models", "kind=status&code=503&count=3",
                      "kind=gzip_truncate&match=/api/models", "kind=truncate&at=1000&count=3",
                      "kind=reset&at=1000&count=3", "kind=invalid_utf8&match=/api/models",
                      "kind=deep_json&depth=1000&match=/api/models",
                      "kind=huge_card_data&bytes=52428800&match=/api/models",
                      "kind=status&code=429&retry_after=1", "kind=duplicate_link&count=2",
                      "kind=length&delta=100&match=/resolve-cache/",
                      "kind=gzip_truncate&match=/resolve-cache/&count=2",
                      "kind=html&match=/resolve-cache/"));

TEST_F(CrawlerTest, AHugeCardIsToldAndNotKept) {
  StartHub({"--world", "synthetic:50", "--no-limits", "--fault",
            "kind=huge_file&bytes=52428800&match=README.md"});
  ASSERT_OK(Crawl());
  int too_large = 0;
  for (const v1::Observation& observation : index_.LatestObservations()) {
    for (const v1::File& file : observation.files()) {
      if (file.outcome() == v1::TOO_LARGE) ++too_large;
    }
  }
  EXPECT_EQ(too_large, 1);
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
