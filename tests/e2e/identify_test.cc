// SPDX-License-Identifier: Apache-2.0
// `modelwatch identify` as a user runs it: files, folders, archives, standard input, bad input.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "e2e/programs.h"
#include "testing/archive_maker.h"
#include "testing/status_matchers.h"

namespace modelwatch::e2e {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using testing::Ended;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::RunProcess;
using ::testing::SizeIs;
using testing::TempDir;

constexpr char kLicence[] =
    "Everybody is granted the freedom to run, study, copy, change, publish and pass on these\n"
    "materials, for every purpose and without charge, as long as this notice stays in every copy.\n"
    "The authors give no warranty of any kind and are not liable for any damage that follows from\n"
    "the use of the materials, whatever its cause and on whatever theory a claim for it rests.\n";

// ASCII, unit by unit.
std::string Utf16(const std::string& text) {
  std::string out = "\xFF\xFE";
  for (const char c : text) out += std::string(1, c) + '\0';
  return out;
}

class IdentifyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Write("texts/plain-freedom.txt", kLicence);
    const Ended built = Run({"corpus", "build", "--from", dir_.Sub("texts"), "--out", corpus_});
    ASSERT_EQ(built.exit_code, 0) << built.err;
  }

  void Write(const std::string& name, const std::string& bytes) {
    fs::create_directories(fs::path(dir_.Sub(name)).parent_path());
    std::ofstream(dir_.Sub(name), std::ios::binary) << bytes;
  }

  static Ended Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), Modelwatch());
    auto ended = RunProcess(arguments, absl::Seconds(60));
    EXPECT_OK(ended);
    return ended.ok() ? *std::move(ended) : Ended{};
  }

  Ended Identify(const std::vector<std::string>& names, std::vector<std::string> flags = {}) {
    std::vector<std::string> arguments = {"identify", "--corpus", corpus_};
    for (const std::string& name : names) arguments.push_back(dir_.Sub(name));
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return Run(arguments);
  }

  // "path STATUS" a line, the paths below the temporary directory.
  std::vector<std::string> Statuses(const Ended& ended) {
    std::vector<std::string> lines;
    std::istringstream out(ended.out);
    for (std::string line; std::getline(out, line);) {
      const auto json = nlohmann::json::parse(line, nullptr, false);
      EXPECT_FALSE(json.is_discarded()) << line;
      if (json.is_discarded()) continue;
      const std::string path = json["path"];
      lines.push_back(path.substr(dir_.path().native().size() + 1) + " " +
                      json["status"].get<std::string>());
    }
    return lines;
  }

  TempDir dir_;
  const std::string corpus_ = dir_.Sub("corpus.bin");
};

TEST_F(IdentifyTest, GoesThroughAFolderInOrder) {
  Write("d/LICENSE", kLicence);
  Write("d/a/COPYING", kLicence);
  Write("d/a/main.c", "int main(void) { return 0; }\n");
  Write("d/.git/LICENSE", kLicence);
  const Ended ended = Identify({"d"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(Statuses(ended),
              ElementsAre("d/LICENSE EXACT", "d/a/COPYING EXACT", "d/a/main.c NONE"));
  EXPECT_THAT(ended.err, IsEmpty()) << "no progress line where there is no terminal";
}

TEST_F(IdentifyTest, AnswersTheSameWithAnyNumberOfJobs) {
  for (int i = 0; i < 300; ++i) {
    Write("d/" + std::to_string(i),
          i % 3 == 0 ? kLicence : std::string(1000, 'a') + std::to_string(i));
  }
  const Ended one = Identify({"d"}, {"--jobs", "1"});
  EXPECT_EQ(one.out, Identify({"d"}, {"--jobs", "7"}).out);
  EXPECT_THAT(Statuses(one), SizeIs(300));
}

TEST_F(IdentifyTest, LooksIntoArchives) {
  Write("x.tar.gz", testing::MakeArchive({{"p/LICENSE", kLicence, ""},
                                          {"../../p/evil\n", kLicence, ""},
                                          {"p/inner.zip", testing::MakeArchive({}, "zip"), ""}},
                                         "tar", "gzip"));
  Write("y.whl", testing::MakeArchive({{"p-1.dist-info/LICENSE", Utf16(kLicence), ""}}, "zip"));
  const Ended ended = Identify({"x.tar.gz", "y.whl"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(Statuses(ended),
              ElementsAre("x.tar.gz/p/LICENSE EXACT", "x.tar.gz/../../p/evil\n EXACT",
                          "x.tar.gz/p/inner.zip NONE", "y.whl/p-1.dist-info/LICENSE EXACT"));
}

TEST_F(IdentifyTest, GivesTheReasonForWhatIsNoLicence) {
  Write("bad/1-empty", "");
  Write("bad/2-binary", std::string("\x7F"
                                    "ELF\0\0\1\2",
                                    8));
  Write("bad/3-pdf", "%PDF-1.7\n1 0 obj\n");
  Write("bad/4-page", "<!DOCTYPE html><title>404 Not Found</title><h1>Not Found</h1>");
  Write("bad/5-line", std::string(1'000'000, 'a'));
  const Ended ended = Identify({"bad"}, {"--format", "text"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  for (const char* words : {"empty", "ELF", "PDF", "404 Not Found", "5-line: NONE"}) {
    EXPECT_THAT(ended.out, HasSubstr(words));
  }
}

TEST_F(IdentifyTest, ReadsTheBeginningOfAHugeFileAndSaysSo) {
  std::string huge = kLicence;
  while (huge.size() < 50'000'000) huge += "the the MIT the the ";
  Write("huge", huge);
  const Ended ended = Identify({"huge"});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_THAT(ended.out, HasSubstr("of 50.0 MB"));
}

TEST_F(IdentifyTest, TellsWhatCannotBeReadAndGoesOn) {
  Write("LICENSE", kLicence);
  const std::string tar = testing::MakeArchive(
      {{"LICENSE", kLicence, ""}, {"rest", std::string(30'000, 'r'), ""}}, "tar");
  Write("cut.tar", tar.substr(0, 20'000));
  const Ended ended = Identify({"absent", "cut.tar", "LICENSE"});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(Statuses(ended), ElementsAre("cut.tar/LICENSE EXACT", "LICENSE EXACT"));
  EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 2) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr(dir_.Sub("absent")));
  EXPECT_THAT(ended.err, HasSubstr(dir_.Sub("cut.tar")));
}

TEST_F(IdentifyTest, PrintsOnlyTheStatusesAskedFor) {
  Write("d/LICENSE", kLicence);
  Write("d/other", "nothing of note\n");
  EXPECT_THAT(Statuses(Identify({"d"}, {"--status", "EXACT,MODIFIED"})),
              ElementsAre("d/LICENSE EXACT"));
  EXPECT_EQ(Identify({"d"}, {"--status", "SURE"}).exit_code, 64);
}

TEST_F(IdentifyTest, ReadsStandardInputAmongFiles) {
  Write("LICENSE", kLicence);
  Write("utf16", Utf16(kLicence));
  const std::string shell = Modelwatch() + " identify " + dir_.Sub("LICENSE") + " - --corpus " +
                            corpus_ + " < " + dir_.Sub("utf16");
  ASSERT_OK_AND_ASSIGN(const Ended ended, RunProcess({"sh", "-c", shell}));
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("\"path\":\"-\""));
  EXPECT_EQ(std::count(ended.out.begin(), ended.out.end(), '\n'), 2);
}

TEST_F(IdentifyTest, TermsAndDiffReadOtherEncodingsToo) {
  Write("old", kLicence);
  Write("new", Utf16(kLicence));
  Write("x.pdf", "%PDF-1.7\n");
  const Ended diff = Run({"diff", dir_.Sub("old"), dir_.Sub("new"), "--corpus", corpus_});
  EXPECT_EQ(diff.exit_code, 0) << diff.err;
  EXPECT_THAT(diff.out, HasSubstr("\"direction\":\"same\""));
  const Ended terms = Run({"terms", dir_.Sub("x.pdf"), "--corpus", corpus_});
  EXPECT_EQ(terms.exit_code, 1);
  EXPECT_THAT(terms.err, HasSubstr("PDF"));
}

}  // namespace
}  // namespace modelwatch::e2e
