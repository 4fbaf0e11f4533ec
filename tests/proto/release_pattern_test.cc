// SPDX-License-Identifier: Apache-2.0
#include "proto/release_pattern.h"

#include <gtest/gtest.h>

namespace modelwatch::proto {
namespace {

TEST(ReleasePatternTest, NamesAReleaseAPublisherOrAGlob) {
  EXPECT_TRUE(MatchesRelease("acme/model", "acme/model"));
  EXPECT_TRUE(MatchesRelease("ACME/Model", "acme/model"));
  EXPECT_TRUE(MatchesRelease("acme", "acme/model"));
  EXPECT_TRUE(MatchesRelease("ac*", "acme/model"));
  EXPECT_TRUE(MatchesRelease("acme/mo*", "acme/model"));
  EXPECT_TRUE(MatchesRelease("gpt2", "gpt2"));
  EXPECT_FALSE(MatchesRelease("acme", "other/acme"));
  EXPECT_FALSE(MatchesRelease("acme/model", "acme/model-2"));
  EXPECT_FALSE(MatchesRelease("", "acme/model"));
  EXPECT_FALSE(MatchesRelease("", "gpt2"));
}

}  // namespace
}  // namespace modelwatch::proto
