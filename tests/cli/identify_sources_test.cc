// SPDX-License-Identifier: Apache-2.0
#include "cli/identify_sources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "testing/archive_maker.h"
#include "testing/temp_dir.h"

namespace modelwatch::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class WalkSourcesTest : public ::testing::Test {
 protected:
  void Write(const std::string& name, const std::string& bytes = "x") {
    fs::create_directories(fs::path(dir_.Sub(name)).parent_path());
    std::ofstream(dir_.Sub(name), std::ios::binary) << bytes;
  }

  // The paths below the temporary directory, problems with a "!" in front.
  std::vector<std::string> Walk(const std::vector<std::string>& names) {
    std::vector<std::string> paths;
    for (const std::string& name : names) paths.push_back(dir_.Sub(name));
    std::vector<std::string> walked;
    double fraction = 0;
    WalkSources(paths, [&](const Source& source) {
      EXPECT_GE(source.fraction, fraction) << source.path;
      EXPECT_LE(source.fraction, 1.0);
      fraction = source.fraction;
      const std::string mark = source.kind == Source::Kind::kProblem ? "!" : "";
      walked.push_back(mark + source.path.substr(dir_.path().native().size() + 1));
    });
    return walked;
  }

  testing::TempDir dir_;
};

TEST_F(WalkSourcesTest, KeepsTheOrderGivenAndSortsInsideAFolder) {
  Write("d/b/two");
  Write("d/a.txt");
  Write("d/a/one");
  Write("z");
  EXPECT_THAT(Walk({"z", "d", "z"}), ElementsAre("z", "d/a/one", "d/a.txt", "d/b/two", "z"))
      << "folder by folder";
}

TEST_F(WalkSourcesTest, PassesOverHiddenFoldersButNotWhatIsNamed) {
  Write("d/.git/config");
  Write("d/.license");
  EXPECT_THAT(Walk({"d"}), ElementsAre("d/.license"));
  EXPECT_THAT(Walk({"d/.git"}), ElementsAre("d/.git/config"));
}

TEST_F(WalkSourcesTest, FollowsLinksOnlyToFilesInside) {
  Write("outside");
  Write("d/file");
  fs::create_symlink("file", dir_.Sub("d/inside"));
  fs::create_symlink("../outside", dir_.Sub("d/leaves"));
  fs::create_symlink("..", dir_.Sub("d/loop"));
  fs::create_symlink("nowhere", dir_.Sub("d/broken"));
  fs::create_symlink("outside", dir_.Sub("link"));
  EXPECT_THAT(Walk({"d"}), ElementsAre("d/file", "d/inside"));
  EXPECT_THAT(Walk({"link"}), ElementsAre("link")) << "named, so wanted";
}

TEST_F(WalkSourcesTest, LooksIntoArchives) {
  const std::string tar = testing::MakeArchive({{"p/LICENSE", "x", ""}}, "tar", "gzip");
  Write("d/a.tar.gz", tar);
  Write("d/b.txt");
  Write("named-without-suffix", tar);
  EXPECT_THAT(Walk({"d", "named-without-suffix"}),
              ElementsAre("d/a.tar.gz/p/LICENSE", "d/b.txt", "named-without-suffix/p/LICENSE"));
}

TEST_F(WalkSourcesTest, TakesAFileThatOnlyIsCalledAnArchiveAsAFile) {
  Write("d/a.tar", "not a tar");
  EXPECT_THAT(Walk({"d"}), ElementsAre("d/a.tar"));
}

TEST_F(WalkSourcesTest, TellsWhatCannotBeReadAndGoesOn) {
  const std::string tar = testing::MakeArchive(
      {{"a", std::string(9000, 'a'), ""}, {"b", std::string(9000, 'b'), ""}}, "tar");
  Write("cut.tar", tar.substr(0, 12'000));
  Write("z");
  EXPECT_THAT(Walk({"absent", "cut.tar", "z"}),
              ElementsAre("!absent", "cut.tar/a", "!cut.tar", "z"));
}

TEST_F(WalkSourcesTest, AnEmptyFolderHasNothing) {
  fs::create_directory(dir_.Sub("d"));
  EXPECT_THAT(Walk({"d"}), IsEmpty());
}

}  // namespace
}  // namespace modelwatch::cli
