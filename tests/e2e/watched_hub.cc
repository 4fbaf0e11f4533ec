// SPDX-License-Identifier: Apache-2.0
#include "e2e/watched_hub.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "crawler/crawler.h"
#include "evaluator/evaluator.h"
#include "evaluator/license/corpus_builder.h"
#include "replay_hub/csv_table.h"
#include "replay_hub/world_kinds.h"

namespace modelwatch::e2e {
namespace {

constexpr char kHub[] = "huggingface";
constexpr absl::Duration kMoreThanASweep = absl::Hours(7);  // HubConfig.sweep_ms is 6 hours

v1::Config ConfigFor(const std::string& url) {
  v1::Config config;
  v1::HubConfig& hub = *config.add_hubs();
  hub.set_name(kHub);
  hub.set_endpoint(url);
  return config;
}

}  // namespace

absl::StatusOr<std::unique_ptr<WatchedHub>> WatchedHub::Start(const std::string& world_kind,
                                                              const evaluator::Corpus* corpus) {
  std::unique_ptr<WatchedHub> watched(new WatchedHub(corpus));
  RETURN_IF_ERROR(watched->Open(world_kind));
  return watched;
}

absl::Status WatchedHub::Open(const std::string& world_kind) {
  RETURN_IF_ERROR(replay_hub::LoadWorldFrom(world_kind, world_));
  replay_hub::ReplayHubOptions options;
  options.quotas = replay_hub::UnlimitedPlan();
  server_ = std::make_unique<replay_hub::ReplayServer>(world_, common::SystemClock(), options);
  RETURN_IF_ERROR(server_->Start());
  indexer::IndexerOptions index;
  index.data_dir = data_dir();
  ASSIGN_OR_RETURN(indexer_, indexer::Indexer::Open(index, clock_, metrics_));
  index_ = indexer_->InProcess();
  return absl::OkStatus();
}

absl::Status WatchedHub::Crawl() {
  clock_.Advance(kMoreThanASweep);
  crawler::CrawlerOptions options;
  options.data_dir = data_dir();
  options.allow_private_addresses = true;
  options.seed = 1;
  crawler::Crawler crawler(ConfigFor(server_->url()), *index_, clock_, metrics_, options);
  return crawler.RunOnce(stopper_);
}

absl::Status WatchedHub::Judge() {
  evaluator::Evaluator judge({}, *index_, corpus_, metrics_, nullptr, clock_);
  return judge.RunOnce(stopper_);
}

absl::Status WatchedHub::Visit() {
  RETURN_IF_ERROR(Crawl());
  return Judge();
}

absl::StatusOr<std::vector<v1::Alert>> WatchedHub::Alerts() {
  std::vector<v1::Alert> alerts;
  v1::ListAlertsRequest request;
  request.set_limit(1000);
  while (true) {
    ASSIGN_OR_RETURN(const v1::ListAlertsResponse page, index_->ListAlerts(request));
    alerts.insert(alerts.end(), page.alerts().begin(), page.alerts().end());
    if (!page.has_more()) return alerts;
    request.set_after_sequence(alerts.back().sequence());
  }
}

absl::StatusOr<std::vector<v1::GetReleaseResponse>> WatchedHub::Releases() {
  std::vector<v1::GetReleaseResponse> releases;
  v1::ListReleasesRequest request;
  request.set_hub(kHub);
  request.set_limit(1000);
  while (true) {
    ASSIGN_OR_RETURN(const v1::ListReleasesResponse page, index_->ListReleases(request));
    releases.insert(releases.end(), page.releases().begin(), page.releases().end());
    if (page.next_page_token().empty()) return releases;
    request.set_page_token(page.next_page_token());
  }
}

absl::StatusOr<std::vector<v1::HistoryRow>> WatchedHub::History(const std::string& id) {
  v1::GetHistoryRequest request;
  request.mutable_key()->set_hub(kHub);
  request.mutable_key()->set_id(id);
  ASSIGN_OR_RETURN(const v1::GetHistoryResponse page, index_->GetHistory(request));
  std::vector<v1::HistoryRow> rows(page.rows().begin(), page.rows().end());
  std::reverse(rows.begin(), rows.end());
  return rows;
}

void WatchedHub::CloseIndex() {
  index_.reset();
  indexer_.reset();
}

absl::StatusOr<std::unique_ptr<evaluator::Corpus>> CompileCorpus(const std::string& licences_dir) {
  if (!std::filesystem::is_directory(licences_dir)) {
    return absl::FailedPreconditionError(
        absl::StrFormat("licence texts %s: not installed; run deploy/setup.sh", licences_dir));
  }
  evaluator::CorpusBuilder builder;
  builder.AddSource("installed licence texts");
  for (const auto& entry : std::filesystem::directory_iterator(licences_dir)) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    RETURN_IF_ERROR(builder.AddFile(entry.path().filename().string(), bytes.str()));
  }
  ASSIGN_OR_RETURN(v1::Corpus corpus, builder.Build());
  return evaluator::Corpus::Make(std::move(corpus));
}

absl::StatusOr<std::vector<std::string>> ExpectedEvents(const std::string& world) {
  ASSIGN_OR_RETURN(const replay_hub::CsvTable table,
                   replay_hub::CsvTable::Read(std::filesystem::path(MODELWATCH_SOURCE_DIR) /
                                              "tests/e2e/expected/events.csv"));
  std::vector<std::string> events;
  for (size_t row = 0; row < table.rows(); ++row) {
    if (table.at(row, "world") != world) continue;
    events.push_back(table.at(row, "event") + " " + table.at(row, "release"));
  }
  return events;
}

}  // namespace modelwatch::e2e
