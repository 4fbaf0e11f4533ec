// SPDX-License-Identifier: Apache-2.0
// A replayed hub under watch in this process: the real crawler, indexer and evaluator, speaking
// gRPC, against a replay hub on loopback whose time the test moves.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/clock.h"
#include "common/metrics.h"
#include "common/stopper.h"
#include "evaluator/license/corpus.h"
#include "indexer/indexer.h"
#include "replay_hub/replay_server.h"
#include "replay_hub/world.h"
#include "testing/shifted_clock.h"
#include "testing/temp_dir.h"

namespace modelwatch::e2e {

// Not thread-safe.
class WatchedHub {
 public:
  // Loads "KIND:ARGUMENT" (replay_hub/world_kinds.h), serves it without limits, opens an index in a
  // directory of its own. `corpus` may be null; else it must outlive this.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<WatchedHub>> Start(
      const std::string& world_kind, const evaluator::Corpus* corpus);

  WatchedHub(const WatchedHub&) = delete;
  WatchedHub& operator=(const WatchedHub&) = delete;

  // Crawls until nothing is due, then judges all of it. Our time first moves on by more than a
  // sweep interval, so that a sweep is due.
  [[nodiscard]] absl::Status Visit();
  // The two halves of Visit(), for measuring.
  [[nodiscard]] absl::Status Crawl();
  [[nodiscard]] absl::Status Judge();

  void AdvanceTo(int64_t hub_time_us) { server_->hub().clock().AdvanceTo(hub_time_us); }
  [[nodiscard]] int64_t Now() { return server_->hub().clock().Now(); }

  [[nodiscard]] replay_hub::World& world() { return world_; }
  [[nodiscard]] replay_hub::ReplayServer& server() { return *server_; }
  [[nodiscard]] indexer::Index& index() { return *index_; }
  [[nodiscard]] std::string data_dir() const { return directory_.Sub("data"); }

  // Every alert, oldest first.
  [[nodiscard]] absl::StatusOr<std::vector<v1::Alert>> Alerts();
  // Newest state of every release.
  [[nodiscard]] absl::StatusOr<std::vector<v1::GetReleaseResponse>> Releases();
  // Every version of a release and what changed, oldest first.
  [[nodiscard]] absl::StatusOr<std::vector<v1::HistoryRow>> History(const std::string& id);

  // Closes the index, so that the program can read the directory.
  void CloseIndex();

 private:
  explicit WatchedHub(const evaluator::Corpus* corpus) : corpus_(corpus) {}
  absl::Status Open(const std::string& world_kind);

  const evaluator::Corpus* corpus_;
  testing::ShiftedClock clock_;
  testing::TempDir directory_;
  common::Metrics metrics_;
  common::Stopper stopper_;
  replay_hub::World world_;
  std::unique_ptr<replay_hub::ReplayServer> server_;
  std::unique_ptr<indexer::Indexer> indexer_;
  std::unique_ptr<indexer::Index> index_;
};

// Compiles the licence texts that set-up installed (DIR of <key>.LICENSE files).
// FAILED_PRECONDITION: not installed.
[[nodiscard]] absl::StatusOr<std::unique_ptr<evaluator::Corpus>> CompileCorpus(
    const std::string& licences_dir);

// Rows of expected/events.csv for a world, as "E8 owner/name": events that are told beside the
// shifts.
[[nodiscard]] absl::StatusOr<std::vector<std::string>> ExpectedEvents(const std::string& world);

}  // namespace modelwatch::e2e
