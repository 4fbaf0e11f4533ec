// SPDX-License-Identifier: Apache-2.0
// The whole straight line as three daemons: a hub is crawled, kept, judged and shown, and any of
// the three may be killed at any moment.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>

#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "e2e/programs.h"
#include "testing/status_matchers.h"

namespace modelwatch::e2e {
namespace {

using nlohmann::json;
using testing::Process;

constexpr absl::Duration kPatience = absl::Seconds(120);

class ThreeProcessesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(std::filesystem::exists(Corpus()))
        << Corpus() << " is not there; tests/run.sh builds it";
    std::ofstream(config_) << "hubs { name: 'huggingface' keep_up_ms: 100 sweep_ms: 50 }\n"
                              "crawl { backoff_ms: 20 }\n";
    StartHub();
    StartIndexer();
    StartCrawler();
    StartEvaluator();
  }

  void StartHub() {
    hub_.emplace(
        Start({ReplayHub(), "--no-limits", "--clock", "manual", "--world",
               "history:" MODELWATCH_SOURCE_DIR "/tests/replay_hub/recorded," + LicenceTexts()}));
    hub_url_ = Announced(*hub_, "listening on ");
    ASSERT_FALSE(hub_url_.empty());
  }

  void StartIndexer() {
    indexer_.emplace(Start({Modelwatch(), "index", "--data", index_dir_, "--listen",
                            absl::StrFormat("127.0.0.1:%d", port_)}));
    EXPECT_FALSE(Announced(*indexer_, "indexer serves").empty());
  }

  void StartCrawler() {
    crawler_.emplace(
        Start({Modelwatch(), "crawl", "--config", config_, "--hub", "huggingface=" + hub_url_,
               "--indexer", absl::StrFormat("127.0.0.1:%d", port_), "--data", dir_.Sub("crawl")}));
  }

  void StartEvaluator() {
    evaluator_.emplace(Start({Modelwatch(), "evaluate", "--config", config_, "--indexer",
                              absl::StrFormat("127.0.0.1:%d", port_), "--http", "127.0.0.1:0",
                              "--data", dir_.Sub("evaluate"), "--corpus", Corpus()}));
    site_url_ = Announced(*evaluator_, "alerts are listed at ");
    ASSERT_FALSE(site_url_.empty());
  }

  static Process Start(const std::vector<std::string>& command) {
    absl::StatusOr<Process> started = Process::Start(command);
    if (!started.ok()) throw std::runtime_error(started.status().ToString());
    return *std::move(started);
  }

  static std::string Announced(Process& process, std::string_view words) {
    const auto line = process.WaitForLine(words, absl::Seconds(30));
    EXPECT_OK(line);
    return line.ok() ? LastWord(*line) : "";
  }

  static void KillHard(std::optional<Process>& process) {
    process->Signal(SIGKILL);
    EXPECT_OK(process->Wait(absl::Seconds(10)));
    process.reset();
  }

  json Status() {
    const absl::StatusOr<std::string> body = Get(site_url_ + "/api/v1/status");
    return body.ok() ? json::parse(*body, nullptr, false) : json();
  }

  // Waits until the index has finished `sweeps` more sweeps and judged all they brought.
  void WaitForSweeps(uint64_t more) {
    const absl::Time deadline = absl::Now() + kPatience;
    std::optional<uint64_t> wanted;
    while (absl::Now() < deadline) {
      const json status = Status();
      if (status.is_object() && !status["hubs"].empty()) {
        const uint64_t sweeps = status["hubs"][0]["sweeps"];
        if (!wanted) wanted = sweeps + more;
        if (sweeps >= *wanted && status["hubs"][0]["releases"] > 0 && IsJudged(status)) {
          return;
        }
      }
      absl::SleepFor(absl::Milliseconds(20));
    }
    FAIL() << "sweeps did not finish; status " << Status().dump()
           << "\ncrawler: " << crawler_->err().substr(0, 4000);
  }

  static bool IsJudged(const json& status) {
    return status["evaluator_cursor"].get<uint64_t>() >= status["newest_sequence"].get<uint64_t>();
  }

  // Ids in = ids out: every release that the hub lists now is in the index at the same revision.
  void ExpectEveryReleaseIsKept() {
    std::map<std::string, std::string> kept;
    ReadExport(kept);
    ASSERT_OK_AND_ASSIGN(const std::string body,
                         Get(hub_url_ + "/api/models?limit=1000&expand=sha&sort=createdAt"));
    const json listed = json::parse(body);
    ASSERT_GE(listed.size(), 360U);
    for (const json& row : listed) {
      EXPECT_EQ(kept[row["_id"]], row["sha"].get<std::string>()) << row["id"];
    }
  }

  // The commit of each release, by its stable id.
  void ReadExport(std::map<std::string, std::string>& kept) {
    const std::string out = dir_.Sub("export");
    ASSERT_OK_AND_ASSIGN(const testing::Ended ended,
                         testing::RunProcess({Modelwatch(), "export", "--data", index_dir_, "--out",
                                              out, "--tables", "releases", "--format", "csv"}));
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    std::ifstream file(out + "/releases.csv");
    for (std::string line; std::getline(file, line);) {
      // hub,_id,id,author,sequence,sha,...: none of these is ever quoted.
      const std::vector<std::string> fields = absl::StrSplit(line, ',');
      if (fields.size() > 5) kept[fields[1]] = fields[5];
    }
  }

  void AdvanceTo(const std::string& to) { EXPECT_OK(Post(hub_url_ + "/_replay/advance?to=" + to)); }

  std::vector<json> Lines(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--data", index_dir_, "--format", "json"});
    absl::StatusOr<std::vector<json>> lines = JsonLines(arguments);
    EXPECT_OK(lines);
    return lines.ok() ? *std::move(lines) : std::vector<json>();
  }

  testing::TempDir dir_;
  const std::string index_dir_ = dir_.Sub("index");
  const std::string config_ = dir_.Sub("config.textproto");
  const int port_ = FreePort();
  std::string hub_url_;
  std::string site_url_;
  std::optional<Process> hub_;
  std::optional<Process> indexer_;
  std::optional<Process> crawler_;
  std::optional<Process> evaluator_;
};

TEST_F(ThreeProcessesTest, ARelicensingIsCrawledKeptJudgedAndShown) {
  AdvanceTo("2023-04-20");
  WaitForSweeps(2);
  EXPECT_TRUE(Lines({"alerts"}).empty()) << "first sight raised an alert";
  AdvanceTo("2024-06-01");
  WaitForSweeps(2);

  const std::vector<json> alerts = Lines({"alerts"});
  ASSERT_FALSE(alerts.empty());
  const json& alert = alerts.front();
  EXPECT_FALSE(alert["lost"].empty());
  EXPECT_FALSE(alert["before"]["revision"].get<std::string>().empty());
  EXPECT_FALSE(alert["after"]["revision"].get<std::string>().empty());

  const std::string name = alert["name"];
  const std::vector<json> history = Lines({"history", name});
  EXPECT_GE(history.size(), 2U);
  EXPECT_EQ(history.front()["change"]["kinds"][0], "first_seen");
  const std::vector<json> now = Lines({"show", name});
  ASSERT_EQ(now.size(), 1U);
  EXPECT_EQ(now[0]["name"], name);

  ASSERT_OK_AND_ASSIGN(const std::string page, Get(site_url_ + "/"));
  EXPECT_NE(page.find(name), std::string::npos);
  EXPECT_NE(page.find("Not the live"), std::string::npos) << "the page hides what it watches";
  const std::string sequence = std::to_string(alert["sequence"].get<uint64_t>());
  ASSERT_OK_AND_ASSIGN(const std::string diff, Get(site_url_ + "/alerts/" + sequence));
  EXPECT_NE(diff.find(alert["after"]["revision"].get<std::string>()), std::string::npos);
  ASSERT_OK_AND_ASSIGN(const std::string feed, Get(site_url_ + "/feed.atom"));
  EXPECT_NE(feed.find("http://www.w3.org/2005/Atom"), std::string::npos);
}

TEST_F(ThreeProcessesTest, AnyOfThemMayBeKilledAndNothingIsLostOrToldTwice) {
  AdvanceTo("2023-04-05");
  WaitForSweeps(1);
  const char* const kStops[] = {"2024-06-01", "2026-08-19T09:00:00Z", "2026-08-20T01:00:00Z",
                                "2026-08-21T00:00:00Z"};
  for (int round = 0; round < 4; ++round) {
    AdvanceTo(kStops[round]);
    KillHard(indexer_);
    if (round == 1) KillHard(crawler_);
    if (round == 2) KillHard(evaluator_);
    StartIndexer();
    if (round == 1) StartCrawler();
    if (round == 2) StartEvaluator();
    WaitForSweeps(2);
  }
  AdvanceTo("end");
  WaitForSweeps(3);

  // Told once: no release has two alerts for the same version and rule.
  std::set<std::string> told;
  for (const json& alert : Lines({"alerts"})) {
    const std::string what = alert["name"].get<std::string>() + " " +
                             std::to_string(alert["to_version"].get<uint64_t>()) + " " +
                             alert["rule"].get<std::string>();
    EXPECT_TRUE(told.insert(what).second) << what;
  }
  EXPECT_GE(told.size(), 10U);
  ExpectEveryReleaseIsKept();

  indexer_->Signal(SIGTERM);
  ASSERT_OK_AND_ASSIGN(const int exit_code, indexer_->Wait(absl::Seconds(30)));
  EXPECT_EQ(exit_code, 0);
  const std::vector<json> check = Lines({"db", "check"});
  ASSERT_EQ(check.size(), 1U);
  EXPECT_TRUE(check[0]["clean"].get<bool>()) << check[0].dump();
}

}  // namespace
}  // namespace modelwatch::e2e
