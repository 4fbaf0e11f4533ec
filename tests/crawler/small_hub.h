// SPDX-License-Identifier: Apache-2.0
// A made-up hub of a few releases, a real index and a crawler, in one process: each Crawl() is a
// crawler's whole life, seven hours after the one before. The hub opens with the first.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "crawler/crawler.h"
#include "indexer/indexer.h"
#include "replay_hub/replay_server.h"
#include "replay_hub/world.h"
#include "testing/shifted_clock.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::crawler {

inline constexpr int64_t kBirth = 1'680'000'000'000'000;
inline constexpr int64_t kDay = 86'400'000'000;
inline constexpr char kHub[] = "huggingface";

// What a commit holds: the texts of LICENSE ("" = none) and card.
struct Push {
  std::string licence;
  std::string card = "# A model";
  int64_t day = -1;  // of its date; -1: its place
};

class SmallHub : public ::testing::Test {
 protected:
  void SetUp() override {
    indexer::IndexerOptions options;
    options.data_dir = dir_.Sub("data");
    ASSERT_OK_AND_ASSIGN(indexer_, indexer::Indexer::Open(options, clock_, metrics_));
    index_ = indexer_->InProcess();
    v1::HubConfig& config = *config_.add_hubs();
    config.set_name(kHub);
    config_.mutable_crawl()->set_backoff_ms(5);
  }

  // Opens the hub. Its time begins with the newest commit that it has by then.
  void Serve() {
    if (server_ != nullptr) return;
    replay_hub::ReplayHubOptions hub;
    hub.quotas = replay_hub::UnlimitedPlan();
    server_ = std::make_unique<replay_hub::ReplayServer>(world_, common::SystemClock(), hub);
    ASSERT_OK(server_->Start());
    config_.mutable_hubs(0)->set_endpoint(server_->url());
  }

  // Returns its id.
  std::string Add(const std::string& name, const std::vector<Push>& pushes) {
    replay_hub::Release release;
    release.name = name;
    release.created_at_us = kBirth;
    for (size_t i = 0; i < pushes.size(); ++i) {
      replay_hub::Commit commit;
      const int64_t day = pushes[i].day >= 0 ? pushes[i].day : static_cast<int64_t>(i);
      commit.date_us = kBirth + day * kDay;
      commit.title = absl::StrFormat("commit %d", i);
      commit.files.push_back(world_.AddFile("README.md", pushes[i].card));
      commit.files.push_back(world_.AddFile("weights.txt", absl::StrFormat("weights %d", i)));
      if (!pushes[i].licence.empty()) {
        commit.files.push_back(world_.AddFile("LICENSE", pushes[i].licence));
      }
      release.commits.push_back(std::move(commit));
    }
    auto id = world_.Add(std::move(release));
    EXPECT_OK(id);
    return id.value_or("");
  }

  absl::Status Crawl() {
    Serve();
    clock_.Advance(absl::Hours(7));
    CrawlerOptions options;
    options.data_dir = dir_.Sub("data");
    options.allow_private_addresses = true;
    options.seed = 1;
    Crawler crawler(config_, *index_, clock_, metrics_, options);
    return crawler.RunOnce(stopper_);
  }

  void Spoil(const char* query) {
    Serve();
    auto fault = replay_hub::ParseFault(query);
    ASSERT_OK(fault);
    server_->hub().faults().Add(*std::move(fault));
  }

  v1::GetHistoryResponse History(const std::string& id) {
    v1::GetHistoryRequest request;
    request.mutable_key()->set_hub(kHub);
    request.mutable_key()->set_id(id);
    auto history = index_->GetHistory(request);
    EXPECT_OK(history);
    return history.ok() ? *history : v1::GetHistoryResponse();
  }

  // Happens now, which is `day` after the birth.
  void Happen(int64_t day, replay_hub::Mutation mutation) {
    world_.At(kBirth + day * kDay, std::move(mutation));
    server_->hub().clock().AdvanceTo(kBirth + day * kDay);
  }
  // A push that is dated `dated` days after the birth.
  replay_hub::Push PushOf(const std::string& id, const std::string& licence, double dated) {
    replay_hub::Commit commit;
    commit.date_us = kBirth + static_cast<int64_t>(dated * static_cast<double>(kDay));
    commit.files = {world_.AddFile("README.md", "# A model"), world_.AddFile("LICENSE", licence)};
    return {id, commit, {}};
  }

  const testing::TempDir dir_;
  testing::ShiftedClock clock_;
  common::Metrics metrics_;
  common::Stopper stopper_;
  replay_hub::World world_;
  std::unique_ptr<replay_hub::ReplayServer> server_;
  std::unique_ptr<indexer::Indexer> indexer_;
  std::unique_ptr<indexer::Index> index_;
  v1::Config config_;
};

}  // namespace modelwatch::crawler
