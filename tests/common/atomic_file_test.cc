// SPDX-License-Identifier: Apache-2.0
#include "common/atomic_file.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::common {
namespace {

using ::modelwatch::testing::StatusIs;
using ::modelwatch::testing::TempDir;

TEST(AtomicFileTest, ReplacesTheWholeContent) {
  TempDir dir;
  const std::string path = dir.Sub("state");
  ASSERT_OK(WriteFileAtomically(path, std::string(100'000, 'a')));
  ASSERT_OK(WriteFileAtomically(path, "b"));
  EXPECT_EQ(ReadWholeFile(path).value(), "b");
  EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
}

TEST(AtomicFileTest, LeavesTheOldContentWhenItCannotWrite) {
  TempDir dir;
  const std::string path = dir.Sub("state");
  ASSERT_OK(WriteFileAtomically(path, "old"));
  std::filesystem::create_directory(path + ".tmp");  // the temporary file cannot be made
  EXPECT_THAT(WriteFileAtomically(path, "new"), StatusIs(absl::StatusCode::kUnavailable, "state"));
  EXPECT_EQ(ReadWholeFile(path).value(), "old");
}

TEST(AtomicFileTest, SaysWhatCannotBeRead) {
  TempDir dir;
  EXPECT_THAT(ReadWholeFile(dir.Sub("none")), StatusIs(absl::StatusCode::kNotFound, "none"));
  ASSERT_OK(WriteFileAtomically(dir.Sub("big"), std::string(1000, 'x')));
  EXPECT_THAT(ReadWholeFile(dir.Sub("big"), 999), StatusIs(absl::StatusCode::kResourceExhausted));
}

}  // namespace
}  // namespace modelwatch::common
