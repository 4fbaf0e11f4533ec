// SPDX-License-Identifier: Apache-2.0
// The shipped history of real releases, watched moment by moment: everything that must be told is
// told, and nothing else. What must be told stands in recorded/moments.csv, derived from the facts.
#include <cstdlib>
#include <map>
#include <set>

#include "absl/strings/str_format.h"
#include "common/clock.h"
#include "common/status_macros.h"
#include "e2e/watched_hub.h"
#include "replay_hub/csv_table.h"
#include "testing/status_matchers.h"

namespace modelwatch::e2e {
namespace {

using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;

constexpr int64_t kDayUs = 86'400'000'000;

std::filesystem::path Tables() {
  return std::filesystem::path(MODELWATCH_SOURCE_DIR) / "tests/replay_hub/recorded";
}

std::string LicenceTexts() {
  const char* deps = std::getenv("MODELWATCH_DEPS");
  return std::string(deps != nullptr ? deps : MODELWATCH_SOURCE_DIR "/.deps") +
         "/licences/scancode/licenses";
}

// A thing that is or should be told: which release, and whether it lost terms or access.
using Told = std::multiset<std::string>;

std::string TellTale(const std::string& id, const std::string& name, bool is_access) {
  return absl::StrFormat("%s %s %s", is_access ? "access" : "licence", id, name);
}

Told Expected(const replay_hub::CsvTable& moments) {
  std::map<std::string, std::string> names;
  Told told;
  for (size_t row = 0; row < moments.rows(); ++row) {
    std::string& name =
        names.try_emplace(moments.at(row, "id"), moments.at(row, "release")).first->second;
    if (moments.at(row, "what") == "rename") name = moments.at(row, "new_name");
    if (moments.at(row, "alert") != "yes") continue;
    told.insert(TellTale(moments.at(row, "id"), name, moments.at(row, "kind") != "licence"));
  }
  return told;
}

// What a shift tells; alerts of events have a table of their own.
Told Raised(const std::vector<v1::Alert>& alerts) {
  Told told;
  for (const v1::Alert& alert : alerts) {
    if (alert.has_cause()) continue;
    told.insert(TellTale(alert.key().id(), alert.name(), alert.shift().kind() == v1::ACCESS));
  }
  return told;
}

std::vector<std::string> Missing(const Told& from, const Told& of) {
  std::vector<std::string> missing;
  std::set_difference(of.begin(), of.end(), from.begin(), from.end(), std::back_inserter(missing));
  return missing;
}

// Visits at every moment that is more than an ordinary commit, and twice after the last, a day
// apart, so that every hold-down ends.
absl::Status WatchAll(const replay_hub::CsvTable& moments, WatchedHub& watched) {
  std::set<int64_t> times;
  for (size_t row = 0; row < moments.rows(); ++row) {
    const std::string& kind = moments.at(row, "kind");
    if (kind == "first" || kind == "push") continue;
    ASSIGN_OR_RETURN(const int64_t when, common::ParseMicros(moments.at(row, "date")));
    times.insert(when - 1'000'000);  // the state before, so that the change is a change
    times.insert(when);
  }
  times.insert(*times.rbegin() + kDayUs);
  times.insert(*times.rbegin() + kDayUs);
  for (const int64_t time : times) {
    watched.AdvanceTo(time);
    RETURN_IF_ERROR(watched.Visit());
  }
  return absl::OkStatus();
}

class RecordedHistoryTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto corpus = CompileCorpus(LicenceTexts());
    ASSERT_OK(corpus);
    corpus_ = corpus->release();
    auto watched =
        WatchedHub::Start("history:" + Tables().string() + "," + LicenceTexts(), corpus_);
    ASSERT_OK(watched);
    watched_ = watched->release();
    auto moments = replay_hub::CsvTable::Read(Tables() / "moments.csv");
    ASSERT_OK(moments);
    moments_ = new replay_hub::CsvTable(*std::move(moments));
    ASSERT_OK(WatchAll(*moments_, *watched_));
  }
  static void TearDownTestSuite() {
    delete watched_;
    delete corpus_;
    delete moments_;
  }
  void SetUp() override { ASSERT_NE(moments_, nullptr); }

  inline static WatchedHub* watched_ = nullptr;
  inline static const evaluator::Corpus* corpus_ = nullptr;
  inline static const replay_hub::CsvTable* moments_ = nullptr;
};

TEST_F(RecordedHistoryTest, TellsEveryLossOfTermsOrAccess) {
  ASSERT_OK_AND_ASSIGN(const std::vector<v1::Alert> alerts, watched_->Alerts());
  EXPECT_THAT(Missing(Raised(alerts), Expected(*moments_)), IsEmpty());
}

TEST_F(RecordedHistoryTest, TellsNothingElse) {
  ASSERT_OK_AND_ASSIGN(const std::vector<v1::Alert> alerts, watched_->Alerts());
  EXPECT_THAT(Missing(Expected(*moments_), Raised(alerts)), IsEmpty());
}

TEST_F(RecordedHistoryTest, TellsTheEventsThatNoShiftShows) {
  ASSERT_OK_AND_ASSIGN(const std::vector<v1::Alert> alerts, watched_->Alerts());
  std::vector<std::string> told;
  for (const v1::Alert& alert : alerts) {
    if (alert.has_cause()) told.push_back(alert.event() + " " + alert.name());
  }
  ASSERT_OK_AND_ASSIGN(const std::vector<std::string> expected, ExpectedEvents("recorded"));
  EXPECT_THAT(told, UnorderedElementsAreArray(expected));
}

TEST_F(RecordedHistoryTest, KeepsAVersionOfEveryLicenceAndAccessMoment) {
  std::map<std::string, size_t> wanted;
  for (size_t row = 0; row < moments_->rows(); ++row) {
    if (moments_->at(row, "kind") != "push") ++wanted[moments_->at(row, "id")];
  }
  for (const auto& [id, count] : wanted) {
    ASSERT_OK_AND_ASSIGN(const std::vector<v1::HistoryRow> rows, watched_->History(id));
    EXPECT_GE(rows.size(), count) << id;
  }
}

TEST_F(RecordedHistoryTest, FetchesEveryTextOnce) {
  EXPECT_LE(watched_->server().hub().counters().bodies().max_per_oid, 1);
}

}  // namespace
}  // namespace modelwatch::e2e
