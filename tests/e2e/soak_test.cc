// SPDX-License-Identifier: Apache-2.0
// Ten days of a hub in about a minute, with faults on: what the hub allows is never exceeded,
// nothing wrong is kept, everything that happened is in the log once, and memory does not grow.
//
// Hub, index, crawler and evaluator run here by one clock, which is set ahead two hours at a time,
// so that windows of seconds pass by themselves and sweeps come due. MODELWATCH_SOAK_DAYS makes it
// longer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <random>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/digest.h"
#include "crawler/crawler.h"
#include "evaluator/evaluator.h"
#include "indexer/indexer.h"
#include "replay_hub/replay_server.h"
#include "replay_hub/synthetic_world.h"
#include "testing/shifted_clock.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::e2e {
namespace {

using replay_hub::Commit;
using replay_hub::Gate;
using replay_hub::Metadata;
using replay_hub::Mutation;
using replay_hub::Release;
using replay_hub::World;

constexpr int kReleases = 400;
constexpr int64_t kHourUs = int64_t{3'600} * 1'000'000;
constexpr int64_t kDayUs = 24 * kHourUs;
constexpr absl::Duration kStep = absl::Hours(2);
constexpr int kStepsADay = 12;
// A step that a fault or a refusal holds up goes on beside the next one.
constexpr absl::Duration kPatience = absl::Milliseconds(1500);
constexpr replay_hub::Quotas kQuota = {60, 240, 5};
constexpr absl::Duration kWindow = absl::Seconds(3);
constexpr absl::Duration kSweep = absl::Hours(6);
// Beside what is kept for ever (mutations and their texts: some kilobytes each) only caches grow.
constexpr int64_t kMostGrowthKiB = 24 * 1024;

int Days() {
  const char* asked = std::getenv("MODELWATCH_SOAK_DAYS");
  int days = 10;
  return asked != nullptr && absl::SimpleAtoi(asked, &days) ? std::max(days, 4) : 10;
}

int64_t ResidentKiB() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    int64_t kib = 0;
    if (word == "VmRSS:" && status >> kib) return kib;
  }
  return 0;
}

// Everything that spoils an answer without making another world of it.
const std::vector<std::string>& FaultKinds() {
  static const auto* const kKinds =
      new std::vector<std::string>{"kind=status&code=503&count=3",
                                   "kind=status&code=500&match=/resolve&count=3",
                                   "kind=status&code=504&only=deep&count=2",
                                   "kind=status&code=429&retry_after=1&count=1",
                                   "kind=status&code=429&count=1",
                                   "kind=truncate&at=500&count=3",
                                   "kind=gzip_truncate&count=2",
                                   "kind=reset&at=300&count=3",
                                   "kind=length&delta=100&count=1",
                                   "kind=drip&bytes=4096&pause_ms=5&count=2",
                                   "kind=duplicate_link&count=2",
                                   "kind=html&count=2",
                                   "kind=error_object&count=2",
                                   "kind=gzip_bomb&bytes=104857600&match=/api/models&count=1",
                                   "kind=looping_link&only=deep&count=1",
                                   "kind=foreign_link&count=1"};
  return *kKinds;
}

// A release as the hub shows it, in the words of an observation.
std::string Shown(const replay_hub::ReleasePtr& state) {
  const Release& release = state->release;
  std::string licence;
  for (const std::string& tag : release.metadata.tags) {
    if (tag.rfind("license:", 0) == 0) licence = tag.substr(8);
  }
  if (!release.visible()) return absl::StrFormat("%s gone", release.name);
  return absl::StrFormat("%s %s gate %d %s", release.name, release.head().sha,
                         static_cast<int>(release.gate), licence);
}

std::string Kept(const v1::Observation& seen) {
  if (seen.access().presence() != v1::PRESENT) return absl::StrFormat("%s gone", seen.name());
  const int gate = seen.access().gate() == v1::AUTO     ? static_cast<int>(Gate::kAuto)
                   : seen.access().gate() == v1::MANUAL ? static_cast<int>(Gate::kManual)
                                                        : static_cast<int>(Gate::kOpen);
  return absl::StrFormat(
      "%s %s gate %d %s", seen.name(), seen.revision(), gate,
      seen.declared().tag_licences().empty() ? "" : seen.declared().tag_licences(0));
}

class SoakTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(replay_hub::LoadSyntheticWorld(absl::StrFormat("%d", kReleases), world_));
    start_us_ = world_.start_us() + 30 * kDayUs;
    world_.SetStart(start_us_);
    PlanMutations();
    replay_hub::ReplayHubOptions options;
    options.quotas.anonymous = kQuota;
    options.quotas.window = kWindow;
    hub_ = std::make_unique<replay_hub::ReplayServer>(world_, clock_, options);
    ASSERT_OK(hub_->Start());
    indexer::IndexerOptions index;
    index.data_dir = dir_.Sub("index");
    ASSERT_OK_AND_ASSIGN(indexer_, indexer::Indexer::Open(index, clock_, metrics_));
    index_ = indexer_->InProcess();
  }
  void TearDown() override { StopCrawler(); }

  void StartCrawler() {
    v1::Config config;
    v1::HubConfig& hub = *config.add_hubs();
    hub.set_name("huggingface");
    hub.set_endpoint(hub_->url());
    hub.set_page_size(100);
    hub.set_keep_up_ms(absl::ToInt64Milliseconds(absl::Hours(1)));
    hub.set_sweep_ms(absl::ToInt64Milliseconds(kSweep));
    hub.add_watch("org-1");
    hub.set_watch_ms(absl::ToInt64Milliseconds(absl::Hours(1)));
    config.mutable_crawl()->set_backoff_ms(5);
    stopper_.emplace();
    crawling_ = std::thread([this, config] {
      crawler::CrawlerOptions options;
      options.data_dir = dir_.Sub("crawl");
      options.allow_private_addresses = true;
      options.seed = 7;
      crawler::Crawler crawler(config, *index_, clock_, metrics_, options);
      EXPECT_OK(crawler.Run(*stopper_));
    });
  }
  void StopCrawler() {
    if (!crawling_.joinable()) return;
    stopper_->Stop();
    crawling_.join();
  }

  // At most one a release, in the first days but two: the last two are quiet, for what failed.
  void PlanMutations();
  void At(int64_t at_us, const std::string& id, Mutation mutation) {
    world_.At(at_us, std::move(mutation));
    ++expected_[id];
  }

  // Sets time ahead, and waits until what that made due is done.
  void Step() {
    const int64_t before_us = common::ToMicros(clock_.Now());
    clock_.Advance(kStep);
    hub_->hub().clock().AdvanceTo(hub_->hub().clock().Now() + absl::ToInt64Microseconds(kStep));
    const absl::Time give_up = absl::Now() + kPatience;
    while (absl::Now() < give_up && !IsThrough(before_us)) {
      absl::SleepFor(absl::Milliseconds(10));
    }
  }
  bool IsThrough(int64_t since_us) {
    v1::GetStatusRequest request;
    request.set_health(true);
    const auto status = index_->GetStatus(request);
    if (!status.ok() || status->hubs_size() != 1) return false;
    const v1::HubStatus& hub = status->hubs(0);
    const bool is_nothing_due = std::all_of(hub.due().begin(), hub.due().end(),
                                            [](const auto& due) { return due.due() == 0; });
    const int64_t swept_us = hub.last_sweep_us() + absl::ToInt64Microseconds(kSweep);
    return hub.last_keep_up_us() > since_us && is_nothing_due && swept_us > status->now_us();
  }
  void WaitForBootstrap() {
    const absl::Time give_up = absl::Now() + absl::Seconds(60);
    while (!IsThrough(0)) {
      ASSERT_LT(absl::Now(), give_up);
      absl::SleepFor(absl::Milliseconds(20));
    }
  }
  void Judge() {
    common::Stopper stopper;
    evaluator::Evaluator judge({}, *index_, nullptr, metrics_, nullptr, clock_);
    ASSERT_OK(judge.RunOnce(stopper));
  }
  void AddFault() {
    const std::vector<std::string>& kinds = FaultKinds();
    auto fault = replay_hub::ParseFault(kinds[random_() % kinds.size()]);
    ASSERT_OK(fault);
    hub_->hub().faults().Add(*fault);
  }

  void CheckQuota();
  void CheckLog();
  void CheckStored();

  testing::TempDir dir_;
  testing::ShiftedClock clock_;
  common::Metrics metrics_;
  std::mt19937_64 random_{11};
  World world_;
  int64_t start_us_ = 0;
  std::map<std::string, int> expected_;  // changes by release, the first sight aside
  std::unique_ptr<replay_hub::ReplayServer> hub_;
  std::unique_ptr<indexer::Indexer> indexer_;
  std::unique_ptr<indexer::Index> index_;
  std::optional<common::Stopper> stopper_;
  std::thread crawling_;
};

void SoakTest::PlanMutations() {
  const int64_t span_us = (Days() - 2) * kDayUs - 12 * kHourUs;
  World::Listing all;
  all.sort = replay_hub::SortField::kCreatedAt;
  all.limit = kReleases;
  int n = 0;
  for (const replay_hub::ReleasePtr& state : world_.List(all)) {
    const Release& release = state->release;
    expected_[release.id] = 0;
    if (++n % 2 == 0 || release.gate != Gate::kOpen) continue;
    const int64_t at_us = start_us_ + 12 * kHourUs + static_cast<int64_t>(random_() % span_us);
    switch (n / 2 % 6) {
      case 0: {
        Commit commit;
        commit.date_us = at_us;
        commit.title = "Change the licence";
        commit.files = release.head().files;
        std::erase_if(commit.files, [](const auto& file) { return file.path == "LICENSE"; });
        commit.files.push_back(
            world_.AddFile("LICENSE", absl::StrFormat("Made-up licence of %d.\n", n)));
        At(at_us, release.id, replay_hub::Push{release.id, commit, std::nullopt});
        break;
      }
      case 1:
        At(at_us, release.id, replay_hub::SetGate{release.id, Gate::kManual});
        break;
      case 2:
        At(at_us, release.id, replay_hub::Delete{release.id});
        break;
      case 3:
        At(at_us, release.id, replay_hub::Rename{release.id, release.name + "-renamed"});
        break;
      case 4: {
        Metadata metadata = release.metadata;
        for (std::string& tag : metadata.tags) {
          if (tag.rfind("license:", 0) == 0) tag = "license:cc-by-nc-4.0";
        }
        metadata.card_data_json = R"({"license":"cc-by-nc-4.0","language":["fr"]})";
        At(at_us, release.id, replay_hub::SetMetadata{release.id, metadata});
        break;
      }
      default: {  // an old date: below every watermark, for a sweep to find
        Commit commit;
        commit.date_us = release.created_at_us + 120 * 1'000'000;
        commit.title = "Push with an old date";
        commit.files = release.head().files;
        std::erase_if(commit.files, [](const auto& file) { return file.path == "README.md"; });
        commit.files.push_back(world_.AddFile("README.md", absl::StrFormat("# Number %d\n", n)));
        At(at_us, release.id, replay_hub::Push{release.id, commit, std::nullopt});
        break;
      }
    }
  }
}

void SoakTest::CheckQuota() {
  const replay_hub::QuotaWindows::Totals totals = hub_->hub().quotas().totals();
  for (size_t i = 0; i < kQuota.size(); ++i) {
    EXPECT_EQ(totals.refused[i], 0) << "class " << i;
    EXPECT_LE(totals.max_in_window[i], kQuota[i]) << "class " << i;
  }
  EXPECT_GT(totals.max_in_window[1], kQuota[1] / 2) << "the quota was never felt";
}

// Sequences without a gap; each mutation once, by the number of changes of each release.
void SoakTest::CheckLog() {
  std::map<std::string, int> changes;
  uint64_t next = 1;
  v1::FollowRequest request;
  request.set_until_now(true);
  common::Stopper stopper;
  ASSERT_OK(index_->Follow(request, stopper, [&](const v1::FollowResponse& response) {
    if (!response.has_entry()) return true;
    EXPECT_EQ(response.entry().sequence(), next++);
    if (response.entry().has_change()) ++changes[response.entry().change().key().id()];
    return true;
  }));
  EXPECT_EQ(changes.size(), expected_.size());
  int mutations = 0;
  for (const auto& [id, count] : expected_) {
    mutations += count;
    const auto found = changes.find(id);
    const int seen = found == changes.end() ? 0 : found->second;
    EXPECT_EQ(seen, 1 + count) << id << " " << Shown(world_.FindById(id));
  }
  EXPECT_GT(mutations, kReleases / 3);
}

// The newest version of each release is what the hub shows; each text is what its names say.
void SoakTest::CheckStored() {
  v1::ListReleasesRequest request;
  request.set_hub("huggingface");
  request.set_limit(1000);
  ASSERT_OK_AND_ASSIGN(const v1::ListReleasesResponse page, index_->ListReleases(request));
  ASSERT_EQ(page.releases_size(), kReleases);
  for (const v1::GetReleaseResponse& release : page.releases()) {
    const v1::Observation& seen = release.version().observation();
    EXPECT_EQ(Kept(seen), Shown(world_.FindById(seen.key().id())));
    EXPECT_TRUE(release.has_assessment()) << seen.name();
    for (const v1::File& file : seen.files()) {
      if (file.outcome() != v1::FETCHED) continue;
      v1::GetBlobRequest blob;
      blob.set_digest(file.digest());
      ASSERT_OK_AND_ASSIGN(const v1::GetBlobResponse text, index_->GetBlob(blob));
      EXPECT_EQ(common::GitBlobOid(text.content()), file.oid()) << seen.name();
      EXPECT_EQ(common::Sha256(text.content()), file.digest()) << seen.name();
    }
  }
}

TEST_F(SoakTest, TenDaysWithFaultsLeaveNothingWrongNothingMissedAndNoMemoryBehind) {
  const int days = Days();
  int64_t third_day_kib = 0;
  StartCrawler();
  WaitForBootstrap();
  for (int day = 0; day < days; ++day) {
    for (int step = 0; step < kStepsADay; ++step) {
      // Each crawler lives a day and a half, so that some sweep is cut off.
      if ((day * kStepsADay + step) % (kStepsADay * 3 / 2) == 0) {
        StopCrawler();
        StartCrawler();
      }
      const bool is_quiet = day >= days - 2;
      if (is_quiet) hub_->hub().faults().Clear();
      if (!is_quiet && random_() % 3 == 0) AddFault();
      Step();
    }
    Judge();
    if (day == 2) third_day_kib = ResidentKiB();
  }
  Judge();
  StopCrawler();
  const int64_t grown_kib = ResidentKiB() - third_day_kib;
  EXPECT_LT(grown_kib, kMostGrowthKiB);
  RecordProperty("grown_kib", static_cast<int>(grown_kib));
  RecordProperty("faults", static_cast<int>(hub_->hub().counters().faults()));
  EXPECT_GT(hub_->hub().counters().faults(), 2 * days);
  EXPECT_EQ(world_.next_us(), std::nullopt) << "something was still to happen";
  CheckQuota();
  CheckLog();
  CheckStored();
}

}  // namespace
}  // namespace modelwatch::e2e
