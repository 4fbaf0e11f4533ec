// SPDX-License-Identifier: Apache-2.0
// The exports of 2026-08 replayed one by one: what `modelwatch alerts` and `history` say is
// compared with expected/hf_2026_08.csv, which another program derived from the same data.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/clock.h"
#include "common/status_macros.h"
#include "e2e/watched_hub.h"
#include "replay_hub/csv_table.h"
#include "testing/process.h"
#include "testing/shared_data.h"
#include "testing/status_matchers.h"

namespace modelwatch::e2e {
namespace {

using ::modelwatch::testing::RunProcess;
using ::modelwatch::testing::SharedData;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;

constexpr int64_t kDayUs = 86'400'000'000;

absl::Status WatchAll(WatchedHub& watched) {
  while (true) {
    RETURN_IF_ERROR(watched.Visit());
    const std::optional<int64_t> next = watched.world().next_us();
    if (!next) break;
    watched.AdvanceTo(*next);
  }
  // Every hold-down ends.
  watched.AdvanceTo(watched.world().end_us() + kDayUs);
  RETURN_IF_ERROR(watched.Visit());
  watched.AdvanceTo(watched.world().end_us() + 2 * kDayUs);
  return watched.Visit();
}

std::string IdOf(const replay_hub::CsvTable& table, size_t row) {
  return replay_hub::DeriveReleaseId(table.at(row, "release"),
                                     *common::ParseMicros(table.at(row, "created_at")));
}

// JSON Lines that the program prints.
std::vector<nlohmann::json> Lines(const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {MODELWATCH_BINARY_DIR "/modelwatch"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const auto ended = RunProcess(command);
  EXPECT_OK(ended);
  std::vector<nlohmann::json> lines;
  if (!ended.ok()) return lines;
  EXPECT_EQ(ended->exit_code, 0) << ended->err;
  const std::vector<std::string> texts = absl::StrSplit(ended->out, '\n', absl::SkipEmpty());
  for (const std::string& text : texts) lines.push_back(nlohmann::json::parse(text));
  return lines;
}

class Exports2026Test : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    const auto file = SharedData("hf-2026-08/radar-history.jsonl.zst");
    if (!std::filesystem::exists(file)) return;
    auto expected = replay_hub::CsvTable::Read(std::filesystem::path(MODELWATCH_SOURCE_DIR) /
                                               "tests/e2e/expected/hf_2026_08.csv");
    ASSERT_OK(expected);
    auto hub = WatchedHub::Start("hf-2026-08:" + file.string(), nullptr);
    ASSERT_OK(hub);
    ASSERT_OK(WatchAll(**hub));
    histories_ = new std::map<std::string, std::vector<v1::HistoryRow>>;
    for (size_t row = 0; row < expected->rows(); ++row) {
      const std::string id = IdOf(*expected, row);
      auto history = (*hub)->History(id);
      ASSERT_OK(history);
      (*histories_)[id] = *std::move(history);
    }
    (*hub)->CloseIndex();
    expected_ = new replay_hub::CsvTable(*std::move(expected));
    hub_ = hub->release();
  }
  static void TearDownTestSuite() {
    delete hub_;
    delete expected_;
    delete histories_;
  }
  void SetUp() override {
    SKIP_WITHOUT_SHARED_DATA();
    ASSERT_NE(hub_, nullptr);
  }

  inline static WatchedHub* hub_ = nullptr;
  inline static const replay_hub::CsvTable* expected_ = nullptr;
  inline static std::map<std::string, std::vector<v1::HistoryRow>>* histories_ = nullptr;  // by id
};

TEST_F(Exports2026Test, TellExactlyWhatWasLost) {
  std::multiset<std::string> expected, told;
  // Events of other releases (base, derivatives, predecessor) are no rows of the table of exports.
  const std::set<std::string> relatives = {"E10", "E11", "E12"};
  std::vector<std::string> events;
  for (size_t row = 0; row < expected_->rows(); ++row) {
    if (expected_->at(row, "alert") != "yes") continue;
    const bool is_licence = expected_->at(row, "event") == "licence";
    expected.insert(absl::StrFormat("%s %s %s", is_licence ? "licence" : "access",
                                    IdOf(*expected_, row), expected_->at(row, "release")));
  }
  for (const nlohmann::json& alert :
       Lines({"alerts", "--format", "json", "--data", hub_->data_dir()})) {
    if (relatives.count(alert["event"].get<std::string>()) > 0) {
      events.push_back(alert["event"].get<std::string>() + " " + alert["name"].get<std::string>());
      continue;
    }
    const bool is_access = alert["kind"] == "access";
    told.insert(absl::StrFormat("%s %s %s", is_access ? "access" : "licence",
                                alert["id"].get<std::string>(), alert["name"].get<std::string>()));
  }
  std::vector<std::string> untold, invented;
  std::set_difference(expected.begin(), expected.end(), told.begin(), told.end(),
                      std::back_inserter(untold));
  std::set_difference(told.begin(), told.end(), expected.begin(), expected.end(),
                      std::back_inserter(invented));
  EXPECT_THAT(untold, IsEmpty());
  EXPECT_THAT(invented, IsEmpty());
  ASSERT_OK_AND_ASSIGN(const std::vector<std::string> relatives_told, ExpectedEvents("exports"));
  EXPECT_THAT(events, UnorderedElementsAreArray(relatives_told));
}

// The kind of change that an event of the table must have left in the history.
std::optional<v1::ChangeKind> KindOf(const std::string& event) {
  if (event == "licence") return v1::DECLARED_LICENCE;
  if (event == "gate" || event == "ungate") return v1::GATE;
  if (event == "removal") return v1::REMOVAL;
  if (event == "return") return v1::REAPPEARANCE;
  return std::nullopt;  // "reparse" leaves none
}

TEST_F(Exports2026Test, LeaveEveryEventInTheHistoryAtItsTime) {
  for (size_t row = 0; row < expected_->rows(); ++row) {
    const std::optional<v1::ChangeKind> kind = KindOf(expected_->at(row, "event"));
    if (!kind) continue;
    ASSERT_OK_AND_ASSIGN(const int64_t when,
                         common::ParseMicros(expected_->at(row, "export_time")));
    const std::vector<v1::HistoryRow>& versions = (*histories_)[IdOf(*expected_, row)];
    const bool is_there = std::any_of(versions.begin(), versions.end(), [&](const auto& version) {
      const auto& kinds = version.change().kinds();
      return version.change().observed_at_us() == when &&
             std::find(kinds.begin(), kinds.end(), *kind) != kinds.end();
    });
    EXPECT_TRUE(is_there) << expected_->at(row, "release") << " " << expected_->at(row, "event")
                          << " at export " << expected_->at(row, "export");
  }
}

TEST_F(Exports2026Test, ShowAHistoryToTheUser) {
  const auto versions = Lines({"history", "danish-foundation-models/DFM-Mimir", "--format", "json",
                               "--data", hub_->data_dir()});
  ASSERT_EQ(versions.size(), 2u);
  EXPECT_EQ(versions[0]["gate"], "auto");
  EXPECT_EQ(versions[1]["gate"], "open");
  EXPECT_EQ(versions[1]["observed_at"], "2026-08-20T20:00:24Z");
  EXPECT_EQ(versions[1]["declared"]["tag_licences"], nlohmann::json({"apache-2.0"}));
}

}  // namespace
}  // namespace modelwatch::e2e
