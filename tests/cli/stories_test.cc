// SPDX-License-Identifier: Apache-2.0
// Every story of tests/stories under the built-in rules; one test a file. And the edits of a
// licence text that must raise nothing, made here, because no licence text stands in this project.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include "absl/strings/str_replace.h"
#include "cli/story_run.h"
#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::cli {
namespace {

namespace fs = std::filesystem;

const evaluator::Corpus* RealCorpus() {
  static const auto corpus = evaluator::Corpus::Load(MODELWATCH_BINARY_DIR "/corpus.bin");
  EXPECT_OK(corpus);
  return corpus.ok() ? corpus->get() : nullptr;
}

std::vector<fs::path> StoryFiles() {
  std::vector<fs::path> files;
  for (const auto& entry :
       fs::directory_iterator(fs::path(MODELWATCH_SOURCE_DIR) / "tests/stories")) {
    if (entry.path().extension() == ".story") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void RunAll(const std::string& text, const std::string& file, const std::string& folder) {
  ASSERT_OK_AND_ASSIGN(const auto stories, ParseStories(text, file));
  StoryWorld world;
  world.corpus = RealCorpus();
  world.folder = folder;
  for (const Story& story : stories) {
    const auto failures = RunStory(story, world);
    ASSERT_OK(failures);
    EXPECT_THAT(*failures, ::testing::IsEmpty()) << file << ": " << story.title;
  }
}

class StoriesTest : public ::testing::TestWithParam<fs::path> {};

TEST_P(StoriesTest, EndAsTheySay) {
  std::ifstream in(GetParam());
  std::ostringstream text;
  text << in.rdbuf();
  RunAll(text.str(), GetParam().filename().string(), GetParam().parent_path().string());
}

INSTANTIATE_TEST_SUITE_P(Files, StoriesTest, ::testing::ValuesIn(StoryFiles()),
                         [](const auto& file) { return file.param.stem().string(); });

TEST(StoriesFailTest, SayWhatIsMissingAndWhatIsTooMuch) {
  ASSERT_OK_AND_ASSIGN(const auto stories,
                       ParseStories("story Wrong\nat 2026-08-01 a/b tag mit\n"
                                    "at +1d a/b tag cc-by-nc-4.0\nexpect removed critical\n",
                                    "wrong.story"));
  ASSERT_OK_AND_ASSIGN(const auto failures, RunStory(stories[0], StoryWorld()));
  ASSERT_EQ(failures.size(), 2u);
  EXPECT_EQ(failures[0], "line 4: removed critical is expected and not told");
  EXPECT_THAT(failures[1],
              ::testing::HasSubstr("line 3: told and not expected: swap-tighter critical E1"));
}

struct Edit {
  const char* name;
  std::function<std::string(std::string)> make;
};

std::string Rewrapped(const std::string& text) {
  std::string out;
  size_t column = 0;
  std::istringstream words(text);
  for (std::string word; words >> word; column += word.size() + 1) {
    const bool is_new = column + word.size() > 50;
    if (is_new) column = 0;
    out += (out.empty() ? "" : is_new ? "\r\n" : " ") + word;
  }
  return out;
}

class CosmeticEdit : public ::testing::TestWithParam<Edit> {};

TEST_P(CosmeticEdit, RaisesNothing) {
  ASSERT_NE(RealCorpus(), nullptr);
  const testing::TempDir dir;
  for (const char* id : {"MIT", "Apache-2.0", "BSD-3-Clause"}) {
    const auto licence = RealCorpus()->Find(id);
    ASSERT_TRUE(licence.has_value());
    std::ofstream(dir.Sub("edited")) << GetParam().make(std::string(licence->text));
    RunAll("story " + std::string(id) + "\nat 2026-08-01 a/b tag mit file LICENSE @" + id +
               "\nat +1d a/b file LICENSE =edited\nat +1d a/b file LICENSE @" + id + "\n",
           GetParam().name, dir.Sub(""));
  }
}

INSTANTIATE_TEST_SUITE_P(
    StoriesTest, CosmeticEdit,
    ::testing::Values(Edit{"Reflow", &Rewrapped},
                      Edit{"LineEnds",
                           [](const std::string& text) {
                             return absl::StrReplaceAll(text, {{"\n", "\r\n"}});
                           }},
                      Edit{"Quotes",
                           [](const std::string& text) {
                             return absl::StrReplaceAll(text, {{"\"", "\u201d"}, {"'", "\u2019"}});
                           }},
                      Edit{"YearAndHolder",
                           [](const std::string& text) {
                             return "Copyright (c) 2026 Acme and Friends\n\n" + text;
                           }},
                      Edit{"TemplateFill",
                           [](const std::string& text) {
                             return absl::StrReplaceAll(text,
                                                        {{"[yyyy]", "2026"},
                                                         {"[name of copyright owner]", "Acme"},
                                                         {"<year>", "2026"},
                                                         {"<copyright holders>", "Acme"},
                                                         {"<owner>", "Acme"}});
                           }},
                      Edit{"MarkUp",
                           [](const std::string& text) { return "# License\n\n" + text + "\n"; }}),
    [](const auto& edit) { return std::string(edit.param.name); });

}  // namespace
}  // namespace modelwatch::cli
