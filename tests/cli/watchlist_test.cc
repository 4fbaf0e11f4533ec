// SPDX-License-Identifier: Apache-2.0
#include "cli/watchlist.h"

#include <gtest/gtest.h>

#include <fstream>

#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::cli {
namespace {

using ::modelwatch::testing::StatusIs;

std::string Write(const testing::TempDir& dir, std::string_view text) {
  const std::string path = dir.Sub("watch.txt");
  std::ofstream(path) << text;
  return path;
}

TEST(WatchlistTest, AnEmptyListCoversEverything) { EXPECT_TRUE(Watchlist().Covers("a/b")); }

TEST(WatchlistTest, CoversNamesOwnersAndGlobsWhateverTheirCase) {
  const testing::TempDir dir;
  ASSERT_OK_AND_ASSIGN(const Watchlist list,
                       Watchlist::Load(Write(dir, "# ours\nSuno/Bark\n\nqwen # all\nm/Llama-*\n")));
  EXPECT_TRUE(list.Covers("suno/bark"));
  EXPECT_TRUE(list.Covers("Qwen/Qwen3-8B"));
  EXPECT_TRUE(list.Covers("m/llama-4"));
  EXPECT_FALSE(list.Covers("suno/bark-small"));
  EXPECT_FALSE(list.Covers("notqwen/x"));
}

TEST(WatchlistTest, RefusesAListThatNamesNothing) {
  const testing::TempDir dir;
  EXPECT_THAT(Watchlist::Load(Write(dir, "# nothing\n")),
              StatusIs(absl::StatusCode::kInvalidArgument, "names nothing"));
  EXPECT_THAT(Watchlist::Load(dir.Sub("absent")), StatusIs(absl::StatusCode::kNotFound, "absent"));
}

}  // namespace
}  // namespace modelwatch::cli
