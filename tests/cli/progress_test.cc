// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace modelwatch::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const ProgressNumbers kHalf = {12'345, 7'000'000, 0.5, absl::Seconds(10)};

TEST(ProgressTest, ShowsFilesSpeedBytesAndThePath) {
  EXPECT_EQ(ProgressLine(kHalf, "src/LICENSE", 100),
            "[##########----------]  50 %  12,345 files  1,234/s  7 MB  src/LICENSE");
}

TEST(ProgressTest, KeepsTheEndOfALongPathAndNeverWraps) {
  const std::string path = std::string(300, 'a') + "/LICENSE";
  const std::string line = ProgressLine(kHalf, path, 80);
  EXPECT_EQ(line.size(), 80U);
  EXPECT_THAT(line, HasSubstr("aa/LICENSE"));
  EXPECT_LE(ProgressLine(kHalf, path, 20).size(), 20U);
}

TEST(ProgressTest, CountsWideCharactersTwice) {
  std::string path;
  for (int i = 0; i < 100; ++i) path += "许";
  const std::string line = ProgressLine(kHalf, path, 80);
  const size_t head = line.find("许");
  ASSERT_NE(head, std::string::npos);
  EXPECT_LE(head + (line.size() - head) / 3 * 2, 80U);
}

TEST(ProgressTest, LetsNoEscapeCodeThrough) {
  EXPECT_THAT(ProgressLine(kHalf, "a\033[2Jb\nc", 100), Not(HasSubstr("\033")));
}

TEST(ProgressTest, StaysInBoundsForAnyFraction) {
  EXPECT_THAT(ProgressLine({1, 1, 7.0, absl::ZeroDuration()}, "x", 100), HasSubstr("100 %"));
  EXPECT_THAT(ProgressLine({1, 1, -1.0, absl::ZeroDuration()}, "x", 100), HasSubstr("  0 %"));
}

TEST(CrawlLineTest, ShowsTheShareOfWhatTheLastSweepListed) {
  const CrawlNumbers numbers = {12, 12'000, 48'000, absl::Seconds(4)};
  EXPECT_EQ(CrawlLine(numbers, 200),
            "[#####---------------]  25 %  12 pages  12,000 releases  3,000/s");
  EXPECT_EQ(CrawlLine(numbers, 10), "[#####----");
}

TEST(CrawlLineTest, PretendsNoShareWhereTheEndIsNotKnown) {
  const CrawlNumbers numbers = {12, 12'000, 0, absl::Seconds(4)};
  EXPECT_EQ(CrawlLine(numbers, 200), "12 pages  12,000 releases  3,000/s");
}

}  // namespace
}  // namespace modelwatch::cli
