// SPDX-License-Identifier: Apache-2.0
// `modelwatch assess` as a user runs it on a local checkout.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "e2e/programs.h"
#include "testing/status_matchers.h"

namespace modelwatch::e2e {
namespace {

namespace fs = std::filesystem;
using testing::Ended;
using ::testing::HasSubstr;
using testing::RunProcess;
using testing::TempDir;
using Json = nlohmann::json;

class AssessTest : public ::testing::Test {
 protected:
  static Ended Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), Modelwatch());
    auto ended = RunProcess(arguments, absl::Seconds(60));
    EXPECT_OK(ended);
    return ended.ok() ? *std::move(ended) : Ended{};
  }
  void Write(const std::string& name, const std::string& bytes = "x") {
    fs::create_directories(fs::path(dir_.Sub(name)).parent_path());
    std::ofstream(dir_.Sub(name), std::ios::binary) << bytes;
  }
  // A release with the text of a licence of the corpus.
  void WriteRelease(const std::string& licence, const std::string& words) {
    Write("m/README.md",
          "---\nlicense: " + licence + "\nlibrary_name: transformers\n---\n" + words);
    Write("m/config.json", "{}");
    Write("m/model.safetensors");
    const Ended text = Run({"corpus", "show", licence, "--corpus", Corpus()});
    ASSERT_EQ(text.exit_code, 0) << text.err;
    Write("m/LICENSE", text.out);
  }
  Json AssessJson() {
    const Ended ended = Run({"assess", dir_.Sub("m"), "--format", "json", "--corpus", Corpus()});
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    return Json::parse(ended.out, nullptr, false);
  }
  static Json Verdict(const Json& assessment, const std::string& framework) {
    for (const Json& verdict : assessment["verdicts"]) {
      if (verdict["framework"] == framework) return verdict;
    }
    return {};
  }
  TempDir dir_;
};

TEST_F(AssessTest, JudgesALocalReleaseWithoutAServer) {
  WriteRelease("apache-2.0", "# Model\nA small model.\n");
  const Json assessment = AssessJson();
  EXPECT_EQ(assessment["expression"], "Apache-2.0");
  EXPECT_EQ(assessment["status"], "EXACT");
  EXPECT_EQ(Verdict(assessment, "redhat")["verdict"], "minimum met");
  EXPECT_EQ(Verdict(assessment, "osaid")["answer"], "not_known");
  EXPECT_EQ(assessment["verdicts"].size(), 4u);
}

TEST_F(AssessTest, ShowsTheFrameworksSideBySideForAPerson) {
  WriteRelease("apache-2.0", "# Model\nA small model.\n");
  const Ended ended = Run({"assess", dir_.Sub("m"), "--corpus", Corpus()});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  for (const char* part : {"Apache-2.0", "redhat", "minimum met", "osaid", "mof", "eu-ai-act",
                           "model.safetensors", "not legal advice"}) {
    EXPECT_THAT(ended.out, HasSubstr(part));
  }
}

TEST_F(AssessTest, AnswersBadInputInOneLine) {
  Write("empty/notes.txt");
  Write("file.txt");
  for (const std::string& bad :
       {dir_.Sub("empty"), dir_.Sub("file.txt"), dir_.Sub("nowhere/x/y")}) {
    const Ended ended = Run({"assess", bad, "--corpus", Corpus(), "--data", dir_.Sub("data")});
    EXPECT_EQ(ended.exit_code, 1) << bad;
    EXPECT_EQ(ended.out, "");
    EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr("modelwatch: "));
  }
}

}  // namespace
}  // namespace modelwatch::e2e
