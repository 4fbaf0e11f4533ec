// SPDX-License-Identifier: Apache-2.0
// What a person gets for a mistake: one line that says what, on what, why and what next, the right
// exit code, and nothing stored is harmed.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <fstream>

#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "e2e/programs.h"
#include "testing/status_matchers.h"

namespace modelwatch::e2e {
namespace {

using testing::Ended;
using testing::Process;
using testing::RunProcess;
using testing::TempDir;

Ended RunModelwatch(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), Modelwatch());
  absl::StatusOr<Ended> ended = RunProcess(arguments, absl::Seconds(30));
  EXPECT_OK(ended);
  return ended.ok() ? *std::move(ended) : Ended{};
}

// The last line of standard error is the error, alone and with these words.
void ExpectOneLine(const Ended& ended, int exit_code, std::string_view words) {
  EXPECT_EQ(ended.exit_code, exit_code) << ended.err;
  EXPECT_TRUE(ended.out.empty()) << ended.out;
  const size_t at = ended.err.find("modelwatch: ");
  ASSERT_NE(at, std::string::npos) << ended.err;
  const std::string error = ended.err.substr(at);
  EXPECT_EQ(std::count(error.begin(), error.end(), '\n'), 1) << error;
  EXPECT_NE(error.find(words), std::string::npos) << error;
}

TEST(BadInputTest, AnUnknownFlagIsAUsageError) {
  ExpectOneLine(RunModelwatch({"alerts", "--sinse", "3"}), 64, "--sinse");
  ExpectOneLine(RunModelwatch({"show"}), 64, "MODEL");
  ExpectOneLine(RunModelwatch({}), 64, "subcommand");
}

TEST(BadInputTest, AConfigurationThatCannotBeReadIsNamed) {
  const TempDir dir;
  ExpectOneLine(RunModelwatch({"run", "--config", dir.Sub("absent"), "--data", dir.Sub("data")}), 1,
                dir.Sub("absent"));
  std::ofstream(dir.Sub("bad")) << "hubs { name: 'huggingface' kep_up_ms: 3 }\n";
  ExpectOneLine(RunModelwatch({"run", "--config", dir.Sub("bad"), "--data", dir.Sub("data")}), 1,
                "line 1");
  EXPECT_FALSE(std::filesystem::exists(dir.Sub("data")))
      << "a mistake left a data directory behind";
}

TEST(BadInputTest, ADataDirectoryThatIsNotThereIsNamed) {
  const TempDir dir;
  ExpectOneLine(RunModelwatch({"alerts", "--data", dir.Sub("none")}), 1, dir.Sub("none"));
  ExpectOneLine(RunModelwatch({"db", "check", "--data", dir.Sub("none")}), 1, dir.Sub("none"));
}

TEST(BadInputTest, ABadReleaseNameIsNotLookedUp) {
  const TempDir dir;
  ExpectOneLine(RunModelwatch({"show", "a//b", "--data", dir.Sub("d")}), 1, "a//b");
}

TEST(BadInputTest, ACorpusThatIsNotOneIsRefused) {
  const TempDir dir;
  std::ofstream(dir.Sub("corpus")) << "this is no corpus";
  std::ofstream(dir.Sub("text")) << "MIT License";
  ExpectOneLine(RunModelwatch({"identify", dir.Sub("text"), "--corpus", dir.Sub("corpus")}), 1,
                dir.Sub("corpus"));
}

class WithAnIndexerTest : public ::testing::Test {
 protected:
  absl::StatusOr<Process> StartIndexer(const std::string& listen = "") {
    std::vector<std::string> command = {Modelwatch(), "index", "--data", data_};
    if (!listen.empty()) command.insert(command.end(), {"--listen", listen});
    ASSIGN_OR_RETURN(Process process, Process::Start(command));
    RETURN_IF_ERROR(process.WaitForLine("indexer serves", absl::Seconds(30)).status());
    return process;
  }

  TempDir dir_;
  const std::string data_ = dir_.Sub("data");
};

TEST_F(WithAnIndexerTest, ASecondOneOnTheSameDataIsRefused) {
  ASSERT_OK_AND_ASSIGN(const Process first, StartIndexer());
  ExpectOneLine(RunModelwatch({"index", "--data", data_}), 1, "another process has it open");
}

TEST_F(WithAnIndexerTest, APortInUseIsNamed) {
  const std::string address = absl::StrFormat("127.0.0.1:%d", FreePort());
  ASSERT_OK_AND_ASSIGN(const Process first, StartIndexer(address));
  ExpectOneLine(RunModelwatch({"index", "--data", dir_.Sub("other"), "--listen", address}), 1,
                address);
  ExpectOneLine(RunModelwatch({"index", "--data", dir_.Sub("third"), "--metrics", address}), 1,
                address);
}

TEST_F(WithAnIndexerTest, AFollowWithoutARunningIndexerSaysWhatToDo) {
  {
    ASSERT_OK_AND_ASSIGN(Process first, StartIndexer());
    first.Signal(SIGTERM);
    ASSERT_OK(first.Wait(absl::Seconds(10)));
  }
  ExpectOneLine(RunModelwatch({"alerts", "--follow", "--data", data_}), 1, "modelwatch run");
}

TEST_F(WithAnIndexerTest, AnExportIntoAFullDirectoryIsRefused) {
  ASSERT_OK_AND_ASSIGN(const Process first, StartIndexer());
  std::filesystem::create_directory(dir_.Sub("out"));
  std::ofstream(dir_.Sub("out/precious")) << "keep me";
  ExpectOneLine(RunModelwatch({"export", "--data", data_, "--out", dir_.Sub("out")}), 1,
                dir_.Sub("out"));
  EXPECT_TRUE(std::filesystem::exists(dir_.Sub("out/precious")));
}

TEST_F(WithAnIndexerTest, AnExportThatCannotBeMadeSaysWhyInOneLine) {
  ASSERT_OK_AND_ASSIGN(const Process first, StartIndexer());
  const std::string out = dir_.Sub("out");
  const auto run = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"export", "--data", data_, "--out", out};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunModelwatch(arguments);
  };
  ExpectOneLine(RunModelwatch({"export", "--data", data_}), 64, "--out");
  ExpectOneLine(run({"--tables", "models"}), 64, "there is no table 'models'");
  ExpectOneLine(run({"--format", "xlsx"}), 64, "xlsx");
  ExpectOneLine(run({"--as-of", "2999-01-01"}), 1, "in the future");
  ExpectOneLine(run({"--as-of", "12"}), 1, "the index is empty");
  EXPECT_FALSE(std::filesystem::exists(out));
}

}  // namespace
}  // namespace modelwatch::e2e
