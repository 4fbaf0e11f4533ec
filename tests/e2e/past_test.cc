// SPDX-License-Identifier: Apache-2.0
// Real releases met for the first time when all of their recorded history is over: what `history`
// says of them begins at their birth, and nothing of it is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/str_format.h"
#include "e2e/programs.h"
#include "testing/replay_hub_process.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::e2e {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PastTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(hub_, testing::ReplayHubProcess::Start(
                                   {"--no-limits", "--clock", "manual", "--world",
                                    absl::StrFormat("history:%s/tests/replay_hub/recorded,%s",
                                                    MODELWATCH_SOURCE_DIR, LicenceTexts())}));
    ASSERT_OK(hub_->Advance("end"));
    const std::string config = dir_.Sub("config.textproto");
    std::ofstream(config) << "hubs { name: 'huggingface' watch: 'suno' }\n";
    Run({"run", "--once", "--config", config, "--hub", "huggingface=" + hub_->url(), "--corpus",
         Corpus()});
  }

  std::string Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), Modelwatch());
    arguments.insert(arguments.end(), {"--data", dir_.Sub("data")});
    const auto ended = testing::RunProcess(arguments, absl::Seconds(240));
    EXPECT_OK(ended);
    if (!ended.ok()) return "";
    EXPECT_EQ(ended->exit_code, 0) << ended->err;
    err_ = ended->err;
    return ended->out;
  }
  std::vector<json> History(const std::string& model, std::vector<std::string> flags = {}) {
    std::vector<std::string> arguments = {
        "history", model, "--format", "json", "--data", dir_.Sub("data"), "--corpus", Corpus()};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    auto lines = JsonLines(arguments);
    EXPECT_OK(lines);
    return lines.value_or(std::vector<json>());
  }

  const testing::TempDir dir_;
  std::unique_ptr<testing::ReplayHubProcess> hub_;
  std::string err_;
};

TEST_F(PastTest, AHistoryBeginsAtTheBirthAndNothingOfItIsTold) {
  const std::vector<json> rows = History("suno/bark");
  ASSERT_GE(rows.size(), 3u);
  // Bark was published for research only, and became MIT three weeks later.
  EXPECT_EQ(rows[0]["past"], true);
  EXPECT_EQ(rows[0]["observed_at"], "2023-04-09T17:21:02Z");
  EXPECT_EQ(rows[0]["revision"], "ea9a68700411cf68baf93f16a66aa1c29ee9903b");
  EXPECT_EQ(rows[0]["assessment"]["expression"], "CC-BY-NC-4.0") << rows[0].dump();
  EXPECT_EQ(rows[1]["observed_at"], "2023-05-01T18:44:50Z");
  EXPECT_EQ(rows[1]["assessment"]["expression"], "MIT");
  EXPECT_EQ(rows[1]["assessment"]["shift"]["direction"], "looser");
  EXPECT_FALSE(rows.back().contains("past"));
  EXPECT_EQ(rows.back()["change"]["kinds"], json({"first_seen"}));

  const std::string text = Run({"history", "suno/bark", "--corpus", Corpus()});
  EXPECT_EQ(text.rfind("past  2023-04-09T17:21:02Z  commit ea9a68700411\n", 0), 0u) << text;
  EXPECT_THAT(text, HasSubstr("    looser (swap)"));
  EXPECT_THAT(err_, IsEmpty());

  const auto then = std::to_string(rows.back()["sequence"].get<uint64_t>());
  EXPECT_EQ(History("suno/bark", {"--as-of", then}).size(), 1u)
      << "its past was not known yet when it was first seen";
  for (const std::string& line : {Run({"alerts", "--format", "json"})}) {
    EXPECT_THAT(line, ::testing::Not(HasSubstr("suno/bark")));
  }
  EXPECT_THAT(Run({"db", "check"}), HasSubstr("clean"));
}

TEST_F(PastTest, SaysWhatIsMissing) {
  // Nobody watches it, and --once reads no more.
  const std::string text = Run({"history", "ultralytics/yolov5", "--corpus", Corpus()});
  EXPECT_EQ(text.rfind("#", 0), 0u);
  EXPECT_THAT(err_, HasSubstr("not read yet"));
  // Without a corpus the cards are judged.
  Run({"history", "suno/bark", "--corpus", dir_.Sub("none")});
  EXPECT_THAT(err_, HasSubstr("judged by its cards alone"));
}

}  // namespace
}  // namespace modelwatch::e2e
