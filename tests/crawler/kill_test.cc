// SPDX-License-Identifier: Apache-2.0
// Crawler and index killed again and again: an enumeration goes on at its cursor, and of the
// recorded history of real releases, met when it is all over and read from their commits, exactly
// that is kept which is kept without a kill.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "indexer/client/remote_index.h"
#include "indexer/indexer.h"
#include "testing/process.h"
#include "testing/replay_hub_process.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::crawler {
namespace {

using ::modelwatch::testing::Process;
using ::modelwatch::testing::ReplayHubProcess;
using nlohmann::json;

std::string RecordedWorld() {
  const char* deps = std::getenv("MODELWATCH_DEPS");
  return absl::StrFormat("history:%s/tests/replay_hub/recorded,%s/licences/scancode/licenses",
                         MODELWATCH_SOURCE_DIR,
                         deps != nullptr ? deps : MODELWATCH_SOURCE_DIR "/.deps");
}

// By release id, as it would be told: without when it was recorded.
using Pasts = std::map<std::string, std::string>;

class KillTest : public ::testing::Test {
 protected:
  void StartHub(const std::string& world) {
    ASSERT_OK_AND_ASSIGN(
        hub_, ReplayHubProcess::Start({"--world", world, "--no-limits", "--clock", "manual"}));
  }
  static void Start(const std::vector<std::string>& arguments, std::optional<Process>& process) {
    std::vector<std::string> command = {MODELWATCH_CRAWLER_DAEMONS};
    command.insert(command.end(), arguments.begin(), arguments.end());
    auto started = Process::Start(command);
    ASSERT_OK(started);
    process.emplace(*std::move(started));
  }
  void StartIndex() {
    Start({"index", data_}, index_);
    ASSERT_OK_AND_ASSIGN(const std::string line,
                         index_->WaitForLine("index serves ", absl::Seconds(60)));
    address_ = line.substr(line.rfind(' ') + 1);
  }
  void StartCrawler() {
    Start({"crawl", hub_->url(), address_, data_ + "-crawl", histories_per_day_, sweep_ms_},
          crawler_);
  }
  static void KillHard(std::optional<Process>& process) {
    process->Signal(SIGKILL);
    EXPECT_OK(process->Wait(absl::Seconds(10)));
    process.reset();
  }
  json Status() { return json::parse(hub_->Status().value_or("{}"), nullptr, false); }
  int64_t Requests() {
    const json status = Status();
    return status["requests"]["api"].get<int64_t>() +
           status["requests"]["resolvers"].get<int64_t>();
  }

  // Of all releases that were there; nothing while one is still to be listed or read.
  std::optional<Pasts> ReadPasts() {
    const auto index = indexer::Connect(address_);
    if (!index.ok()) return std::nullopt;
    const auto status = (*index)->GetStatus({});
    const bool is_listed = status.ok() && status->hubs_size() == 1 && status->hubs(0).sweeps() > 0;
    if (!is_listed) return std::nullopt;
    v1::ListReleasesRequest request;
    request.set_hub("huggingface");
    request.set_limit(1000);
    const auto releases = (*index)->ListReleases(request);
    if (!releases.ok() || releases->releases().empty()) return std::nullopt;
    Pasts pasts;
    for (const v1::GetReleaseResponse& release : releases->releases()) {
      if (release.version().observation().access().presence() != v1::PRESENT) continue;
      v1::GetHistoryRequest one;
      *one.mutable_key() = release.version().observation().key();
      auto history = (*index)->GetHistory(one);
      if (!history.ok() || history->past_state() <= v1::PAST_WAITING) return std::nullopt;
      std::string text = absl::StrFormat("%d", history->past_state());
      for (v1::PastVersion& version : *history->mutable_past()) {
        version.clear_recorded_at_us();
        version.clear_recorded_after();
        text += "\n" + version.SerializeAsString();
      }
      pasts[one.key().id()] = text;
    }
    return pasts;
  }
  Pasts WaitForPasts() {
    const absl::Time deadline = absl::Now() + absl::Seconds(180);
    while (absl::Now() < deadline) {
      if (auto pasts = ReadPasts(); pasts.has_value()) return *std::move(pasts);
      absl::SleepFor(absl::Milliseconds(200));
    }
    ADD_FAILURE() << "the past of some release is never read";
    return {};
  }
  void Begin(const std::string& data) {
    data_ = dir_.Sub(data);
    StartIndex();
    StartCrawler();
  }
  void End() {
    KillHard(crawler_);
    KillHard(index_);
    ASSERT_OK_AND_ASSIGN(const auto report, indexer::CheckStore(data_));
    EXPECT_THAT(report.problems, ::testing::IsEmpty());
    EXPECT_GT(report.past_versions, report.releases);
    EXPECT_EQ(report.alerts, 0u);
  }

  testing::TempDir dir_;
  std::string data_;
  std::string address_;
  std::string histories_per_day_ = "0";
  std::string sweep_ms_ = "100";
  std::unique_ptr<ReplayHubProcess> hub_;
  std::optional<Process> index_;
  std::optional<Process> crawler_;
};

// The sweep that is not leased now; empty while there is none.
std::string TakeCursor(indexer::Index& index) {
  v1::LeaseWorkRequest request;
  request.set_hub("huggingface");
  request.set_max(64);
  request.set_lease_ms(1);
  const auto leased = index.LeaseWork(request);
  if (!leased.ok()) return "";
  for (const v1::Work& work : leased->work()) {
    if (work.kind() == v1::SWEEP) return work.cursor();
  }
  return "";
}

TEST_F(KillTest, AnEnumerationGoesOnAtItsCursor) {
  constexpr uint64_t kReleases = 6000;
  StartHub(absl::StrFormat("synthetic:%d", kReleases));
  sweep_ms_ = "86400000";
  Begin("data");
  ASSERT_OK_AND_ASSIGN(const auto index, indexer::Connect(address_));
  const auto releases = [&index] {
    const auto status = index->GetStatus({});
    return status.ok() ? status->releases() : 0;
  };
  const absl::Time deadline = absl::Now() + absl::Seconds(120);
  while (releases() < kReleases / 2 && absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(5));
  }
  KillHard(crawler_);
  ASSERT_LT(releases(), kReleases) << "it was through before it could be killed";
  std::string cursor;
  while (cursor.empty() && absl::Now() < deadline) {
    cursor = TakeCursor(*index);
    absl::SleepFor(absl::Milliseconds(50));
  }
  EXPECT_THAT(cursor, ::testing::HasSubstr("cursor=")) << "it would start again";
  StartCrawler();
  const auto sweeps = [this] { return Status()["sweeps"]; };
  while (sweeps()["finished"] == 0 && absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(20));
  }
  EXPECT_EQ(sweeps()["started"], 1) << "pages that were read are read again";
  while (releases() < kReleases && absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(20));
  }
  EXPECT_EQ(releases(), kReleases);
}

TEST_F(KillTest, NothingOfThePastIsLostAndNothingIsThereTwice) {
  StartHub(RecordedWorld());
  ASSERT_OK(hub_->Advance("end"));
  histories_per_day_ = "100000000";
  sweep_ms_ = "3600000";
  Begin("undisturbed");
  const Pasts expected = WaitForPasts();
  const int64_t requests = Requests();
  End();
  ASSERT_GT(expected.size(), 100u);

  Begin("killed");
  std::mt19937 random(20260819);
  for (int kill = 0; kill < 12; ++kill) {
    const int64_t until = Requests() + requests / 16 + static_cast<int64_t>(random() % 40);
    const absl::Time deadline = absl::Now() + absl::Seconds(30);
    while (Requests() < until && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(5));
    KillHard(crawler_);
    if (kill % 3 == 2) {
      KillHard(index_);
      StartIndex();
    }
    StartCrawler();
  }
  EXPECT_EQ(WaitForPasts(), expected);
  End();
}

}  // namespace
}  // namespace modelwatch::crawler
