// SPDX-License-Identifier: Apache-2.0
// An operator's loop with the programs: watch a hub, list the texts that no reference knows,
// promote them, build the corpus again, and the next identification knows them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "common/clock.h"
#include "e2e/programs.h"
#include "replay_hub/replay_server.h"
#include "replay_hub/world.h"
#include "testing/own_licences.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::e2e {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

class HarvestLoopTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(dir_.Sub("texts"));
    std::ofstream(dir_.Sub("texts/garden.txt")) << testing::kGardenLicence;
    Build({"--from", dir_.Sub("texts")});
    AddRelease("acmerobotics/arm-7b", testing::OwnLicence("Acme Robotics"));
    AddRelease("acmerobotics/leg-7b", testing::OwnLicence("Acme Robotics"));
    AddRelease("someone/garden-1b", testing::kGardenLicence);
    AddRelease("someone/other-1b", testing::OwnLicence("Whoever Else"));
    server_.hub().clock().AdvanceTo(*common::ParseMicros("2026-01-03T00:00:00Z"));
    ASSERT_OK(server_.Start());
    Run({"run", "--once", "--data", dir_.Sub("data"), "--hub", "huggingface=" + server_.url(),
         "--corpus", corpus_});
  }

  void AddRelease(const std::string& name, const std::string& licence) {
    replay_hub::Release release;
    release.name = name;
    release.created_at_us = *common::ParseMicros("2026-01-02T03:04:05Z");
    replay_hub::Commit first{.sha = "",
                             .date_us = release.created_at_us,
                             .title = "Release",
                             .message = "",
                             .files = {}};
    first.files = {world_.AddFile("README.md", "# " + name + "\n"),
                   world_.AddFile("LICENSE", licence)};
    release.commits = {first};
    release.metadata.tags = {"license:other"};
    ASSERT_OK(world_.Add(std::move(release)));
  }

  std::string Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), Modelwatch());
    const absl::StatusOr<testing::Ended> ended = testing::RunProcess(arguments);
    EXPECT_OK(ended);
    if (!ended.ok()) return "";
    EXPECT_EQ(ended->exit_code, 0) << ended->err;
    return ended->out;
  }
  void Build(std::vector<std::string> from) {
    from.insert(from.begin(), {"corpus", "build", "--out", corpus_});
    Run(from);
  }
  std::vector<json> Candidates(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"corpus",   "candidates", "--data",   dir_.Sub("data"),
                                          "--corpus", corpus_,      "--format", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    absl::StatusOr<std::vector<json>> lines = JsonLines(arguments);
    EXPECT_OK(lines);
    return lines.ok() ? *std::move(lines) : std::vector<json>();
  }
  json Identified(const std::string& text) {
    std::ofstream(dir_.Sub("LICENSE")) << text;
    return json::parse(
        Run({"identify", dir_.Sub("LICENSE"), "--corpus", corpus_, "--format", "json"}), nullptr,
        false);
  }

  testing::TempDir dir_;
  const std::string corpus_ = dir_.Sub("corpus.bin");
  replay_hub::World world_;
  replay_hub::ReplayServer server_{world_, common::SystemClock(), {}};
};

TEST_F(HarvestLoopTest, APromotedTextIsExactAfterTheNextBuild) {
  const std::vector<json> candidates = Candidates({"--promote-to", dir_.Sub("harvested")});
  ASSERT_EQ(candidates.size(), 2U);
  const json& promoted = candidates[0];
  EXPECT_TRUE(promoted["promote"].get<bool>()) << promoted;
  EXPECT_EQ(promoted["publisher"], "acmerobotics");
  EXPECT_EQ(promoted["releases"], 2);
  EXPECT_EQ(promoted["status"], "UNKNOWN_LICENCE");
  EXPECT_FALSE(candidates[1]["promote"].get<bool>()) << "a stranger's only release";
  EXPECT_NE(Identified(testing::OwnLicence("Acme Robotics"))["status"], "EXACT");

  const std::string key = promoted["key"];
  EXPECT_TRUE(fs::exists(dir_.Sub("harvested/" + key + ".LICENSE")));
  Build({"--from", dir_.Sub("texts"), "--from", dir_.Sub("harvested")});
  const json finding = Identified(testing::OwnLicence("Acme Robotics"));
  EXPECT_EQ(finding["status"], "EXACT") << finding;
  EXPECT_EQ(finding["expression"], "LicenseRef-harvest-" + key);
  EXPECT_EQ(Candidates().size(), 1U) << "what is a reference is no candidate";
}

TEST_F(HarvestLoopTest, PromotingTwiceChangesNothing) {
  ASSERT_FALSE(Candidates({"--promote-to", dir_.Sub("harvested")}).empty());
  const fs::path file = fs::directory_iterator(dir_.Sub("harvested"))->path();
  std::ofstream(file, std::ios::app) << "\n";  // as after a person's look
  const auto size = fs::file_size(file);
  Candidates({"--promote-to", dir_.Sub("harvested")});
  EXPECT_EQ(fs::file_size(file), size);
  EXPECT_EQ(std::distance(fs::directory_iterator(dir_.Sub("harvested")), {}), 1);
}

TEST_F(HarvestLoopTest, APersonMayAcceptWhatNoRulePromotes) {
  const std::vector<json> candidates = Candidates();
  ASSERT_EQ(candidates.size(), 2U);
  const std::string key = candidates[1]["key"];
  Candidates({"--promote-to", dir_.Sub("harvested"), "--accept", key});
  EXPECT_TRUE(fs::exists(dir_.Sub("harvested/" + key + ".LICENSE")));
}

TEST_F(HarvestLoopTest, DiffNamesWhatTheBuildAdded) {
  Candidates({"--promote-to", dir_.Sub("harvested")});
  fs::copy_file(corpus_, dir_.Sub("old.bin"));
  Build({"--from", dir_.Sub("texts"), "--from", dir_.Sub("harvested")});
  ASSERT_OK_AND_ASSIGN(
      const std::vector<json> changes,
      JsonLines({"corpus", "diff", dir_.Sub("old.bin"), corpus_, "--format", "json"}));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0]["change"], "added");
  EXPECT_EQ(changes[0]["key"], "acmerobotics-acme-robotics-model-license-agreement");
}

}  // namespace
}  // namespace modelwatch::e2e
