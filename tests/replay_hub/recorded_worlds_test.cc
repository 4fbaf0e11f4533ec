// SPDX-License-Identifier: Apache-2.0
// The worlds made of real recorded data, checked against counts taken with other programs.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "absl/time/clock.h"
#include "common/clock.h"
#include "common/digest.h"
#include "replay_hub/csv_table.h"
#include "replay_hub/exports_2026_world.h"
#include "replay_hub/front_matter.h"
#include "replay_hub/history_world.h"
#include "replay_hub/snapshot_2022_world.h"
#include "testing/shared_data.h"
#include "testing/status_matchers.h"

namespace modelwatch::replay_hub {
namespace {

using ::modelwatch::testing::SharedData;

constexpr int64_t kEndOfTime = 4'000'000'000'000'000;

std::vector<ReleasePtr> All(const World& world) {
  World::Listing listing;
  listing.sort = SortField::kCreatedAt;
  listing.ascending = true;
  listing.limit = 1'000'000;
  return world.List(listing);
}

TEST(Snapshot2022WorldTest, IsMadeLongerUnderNewKeys) {
  SKIP_WITHOUT_SHARED_DATA();
  World world;
  ASSERT_OK(LoadRekeyedWorld("30000," + SharedData("hf-2022/models.jsonl.zst").string(), world));
  EXPECT_EQ(world.size(), 30'000u);
  std::set<std::string> names, commits;
  for (const ReleasePtr& state : All(world)) {
    names.insert(state->release.name);
    commits.insert(state->release.head().sha);
  }
  EXPECT_EQ(names.size(), 30'000u);
  EXPECT_GE(commits.size(), 29'900u);
  EXPECT_EQ(names.count("0307061430/xuangou-again-1"), 1u);
  EXPECT_FALSE(LoadRekeyedWorld("0,file", world).ok());
  EXPECT_FALSE(LoadRekeyedWorld("file", world).ok());
}

// Under any number of rounds no name that is made may be one that was recorded.
TEST(Snapshot2022WorldTest, MakesMillionsInTheMemoryOfThousands) {
  SKIP_WITHOUT_SHARED_DATA();
  World world;
  ASSERT_OK(LoadRekeyedWorld("1000000," + SharedData("hf-2022/models.jsonl.zst").string(), world));
  EXPECT_EQ(world.size(), 1'000'000u);
  const ReleasePtr last = world.Find("007J/smile-again-33").release;
  ASSERT_NE(last, nullptr);
  EXPECT_EQ(world.FindById(last->release.id)->release.name, "007J/smile-again-33");
  EXPECT_EQ(world.Find("007J/smile-again-34").release, nullptr);
}

// Counts: a reading of the file with Python's json and PyYAML, which refuses three more blocks (a
// tab after a value) and takes the two empty ones.
TEST(Snapshot2022WorldTest, HoldsEveryRecord) {
  SKIP_WITHOUT_SHARED_DATA();
  World world;
  const absl::Time start = absl::Now();
  ASSERT_OK(LoadSnapshot2022World(SharedData("hf-2022/models.jsonl.zst").string(), world));
  RecordProperty("load_ms", static_cast<int>(absl::ToInt64Milliseconds(absl::Now() - start)));
  EXPECT_EQ(world.size(), 29'432u);
  size_t cards = 0, read = 0, card_licences = 0, files = 0;
  std::map<FrontMatterState, int> states;
  std::set<std::string> broken;
  for (const ReleasePtr& state : All(world)) {
    const Release& release = state->release;
    files += release.head().files.size();
    read += !release.metadata.card_data_json.empty();
    for (const RepoFile& file : release.head().files) {
      if (file.path != "README.md") continue;
      ++cards;
      const FrontMatter front = ReadFrontMatter(*world.Blob(file.oid));
      ++states[front.state];
      if (front.state == FrontMatterState::kBroken) broken.insert(release.name);
    }
    for (const std::string& tag : release.metadata.tags) {
      card_licences += tag.starts_with("license:");
    }
  }
  EXPECT_EQ(world.visible_count(), 29'432u);
  EXPECT_EQ(cards, 16'590u);
  EXPECT_EQ(card_licences, 7'498u);
  EXPECT_EQ(states[FrontMatterState::kUnterminated], 27);
  EXPECT_EQ(broken, (std::set<std::string>{
                        "Abirate/gpt_3_finetuned_multi_x_science",                    // a list
                        "Jikiwa/text-files-2",                                        // "@"
                        "aman21/DialoGPT-medium-Morty",                               // a list
                        "kingabzpro/wav2vec2-large-xls-r-300m-Urdu",                  // empty
                        "lewtun/xlm-roberta-base-finetuned-marc-500-samples",         // words
                        "lsb/wav2vec2-base-it-latin",                                 // empty
                        "osanseviero/test_tag",                                       // open quote
                        "qqhann/w2v_hf_commonvoice_from_xlsr53_pretrain_0329UTC1500"  // no colon
                    }));
  EXPECT_EQ(states[FrontMatterState::kRead], 13'906);
  EXPECT_EQ(read, 13'906u);
}

// Counts: tests/e2e/expected/hf_2026_08.py, an independent reading of the file.
TEST(Exports2026WorldTest, HoldsEveryExport) {
  SKIP_WITHOUT_SHARED_DATA();
  World world;
  ASSERT_OK(LoadExports2026World(SharedData("hf-2026-08/radar-history.jsonl.zst").string(), world));
  std::map<std::string, int> words;
  std::set<int64_t> moments;
  const World::Outcome outcome = world.ApplyThrough(kEndOfTime);
  EXPECT_TRUE(outcome.refused.empty());
  for (const World::Applied& one : outcome.applied) {
    ++words[MutationWord(one.mutation)];
    moments.insert(one.at_us);
  }
  EXPECT_EQ(moments.size(), 6u);
  const std::map<std::string, int> expected = {{"counts", 9148}, {"create", 3165}, {"delete", 436},
                                               {"gate", 28},     {"metadata", 6},  {"push", 1924},
                                               {"restore", 52}};
  EXPECT_EQ(words, expected);
}

TEST(HistoryWorldTest, OfTheShippedTablesIsServedWhole) {
  const std::filesystem::path root(MODELWATCH_SOURCE_DIR);
  const char* deps = std::getenv("MODELWATCH_DEPS");
  const std::filesystem::path licences = (deps != nullptr ? deps : root / ".deps") /
                                         std::filesystem::path("licences/scancode/licenses");
  if (!std::filesystem::exists(licences)) {
    GTEST_SKIP() << "the licence corpus is not installed (" << licences << "): deploy/setup.sh";
  }
  World world;
  const std::filesystem::path tables = root / "tests/replay_hub/recorded";
  ASSERT_OK(LoadHistoryWorld(tables.string() + "," + licences.string(), world));
  EXPECT_TRUE(world.ApplyThrough(kEndOfTime).refused.empty());
  ASSERT_OK_AND_ASSIGN(const CsvTable releases, CsvTable::Read(tables / "releases.csv"));
  EXPECT_EQ(world.size(), releases.rows());
  for (size_t row = 0; row < releases.rows(); ++row) {
    const ReleasePtr state = world.FindById(releases.at(row, "id"));
    ASSERT_NE(state, nullptr) << releases.at(row, "release");
    EXPECT_EQ(state->release.created_at_us, *common::ParseMicros(releases.at(row, "created_at")));
  }
}

}  // namespace
}  // namespace modelwatch::replay_hub
