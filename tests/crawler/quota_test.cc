// SPDX-License-Identifier: Apache-2.0
// Several crawlers of one address share a hub's quota, and any of them, and the index, may be
// killed at any moment: counted at the hub, no window ever holds more requests than it allows.
#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "testing/process.h"
#include "testing/replay_hub_process.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::crawler {
namespace {

using ::modelwatch::testing::Process;
using ::modelwatch::testing::ReplayHubProcess;
using nlohmann::json;

class QuotaTest : public ::testing::Test {
 protected:
  void StartHub(std::vector<std::string> flags) {
    ASSERT_OK_AND_ASSIGN(hub_, ReplayHubProcess::Start(std::move(flags)));
  }
  static void Start(const std::vector<std::string>& arguments, std::optional<Process>& process) {
    std::vector<std::string> command = {MODELWATCH_CRAWLER_DAEMONS};
    command.insert(command.end(), arguments.begin(), arguments.end());
    auto started = Process::Start(command);
    ASSERT_OK(started);
    process.emplace(*std::move(started));
  }
  void StartIndex() {
    Start({"index", dir_.Sub("index")}, index_);
    ASSERT_OK_AND_ASSIGN(const std::string line,
                         index_->WaitForLine("index serves ", absl::Seconds(30)));
    address_ = line.substr(line.rfind(' ') + 1);
  }
  void StartCrawler(size_t number) {
    Start({"crawl", hub_->url(), address_, dir_.Sub(absl::StrFormat("crawl-%d", number))},
          crawlers_[number]);
  }
  static void KillHard(std::optional<Process>& process) {
    process->Signal(SIGKILL);
    EXPECT_OK(process->Wait(absl::Seconds(10)));
    process.reset();
  }

  json HubStatus() { return json::parse(hub_->Status().value_or("{}"), nullptr, false); }
  int64_t Requests() {
    const json requests = HubStatus()["requests"];
    return requests["api"].get<int64_t>() + requests["resolvers"].get<int64_t>();
  }
  // Waits until the hub was asked so often more.
  void WaitForRequests(int64_t more) {
    const int64_t wanted = Requests() + more;
    const absl::Time deadline = absl::Now() + absl::Seconds(60);
    while (Requests() < wanted) {
      ASSERT_LT(absl::Now(), deadline) << HubStatus().dump() << "\n"
                                       << (crawlers_[0] ? crawlers_[0]->err().substr(0, 3000) : "");
      absl::SleepFor(absl::Milliseconds(20));
    }
  }

  testing::TempDir dir_;
  std::string address_;
  std::unique_ptr<ReplayHubProcess> hub_;
  std::optional<Process> index_;
  std::optional<Process> crawlers_[2];
};

TEST_F(QuotaTest, NoWindowHoldsMoreThanTheQuotaWhoeverIsKilled) {
  StartHub({"--world", "synthetic:400", "--quota", "20,60,5", "--window", "3"});
  StartIndex();
  StartCrawler(0);
  StartCrawler(1);
  for (int round = 0; round < 4; ++round) {
    WaitForRequests(50);
    KillHard(crawlers_[round % 2]);
    if (round >= 2) {
      KillHard(index_);
      StartIndex();
    }
    StartCrawler(static_cast<size_t>(round % 2));
  }
  WaitForRequests(60);
  const json status = HubStatus();
  EXPECT_EQ(status["over_quota"]["api"], 0) << status.dump();
  EXPECT_EQ(status["over_quota"]["resolvers"], 0) << status.dump();
  EXPECT_LE(status["max_in_window"]["api"].get<int64_t>(), 20);
  EXPECT_LE(status["max_in_window"]["resolvers"].get<int64_t>(), 60);
  EXPECT_GE(status["max_in_window"]["resolvers"].get<int64_t>(), 30) << "the quota lies idle";
}

// The hub refuses and says for how long: nobody asks it before, whoever is killed meanwhile.
TEST_F(QuotaTest, ARefusalIsObeyedByTheNextCrawlerAfterAKillOfAll) {
  StartHub({"--world", "synthetic:5", "--no-limits", "--fault",
            "kind=status&code=429&retry_after=3600&match=/api/models&count=0"});
  StartIndex();
  StartCrawler(0);
  EXPECT_OK(crawlers_[0]->WaitForLine("crawl.rate_limited", absl::Seconds(30)));
  KillHard(crawlers_[0]);
  const int64_t before = Requests();
  EXPECT_LE(before, 4);
  KillHard(index_);
  StartIndex();
  StartCrawler(1);
  EXPECT_OK(crawlers_[1]->WaitForLine("crawl.blocked", absl::Seconds(30)));
  EXPECT_EQ(Requests(), before);
}

}  // namespace
}  // namespace modelwatch::crawler
