// SPDX-License-Identifier: Apache-2.0
#include "cli/story.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/status_matchers.h"

namespace modelwatch::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr int64_t kHourUs = int64_t{3600} * 1'000'000;

std::string Refused(const std::string& text) {
  const auto stories = ParseStories(text, "a.story");
  EXPECT_FALSE(stories.ok()) << text;
  return std::string(stories.status().message());
}

TEST(StoryTest, IsStepsWithChangesAndExpectations) {
  ASSERT_OK_AND_ASSIGN(const auto stories,
                       ParseStories("# words\n"
                                    "story One  thing\n"
                                    "at 2026-08-01 a/b tag mit,apache-2.0 gate auto # so\n"
                                    "at +13h\n"
                                    "  expect gate-auto warning E6 a/b\n"
                                    "expect nothing\n"
                                    "story Another\n"
                                    "at 2026-08-01T12:00:00Z a/b file LICENSE \"two\\nlines\"\n",
                                    "a.story"));
  ASSERT_THAT(stories, SizeIs(2));
  EXPECT_EQ(stories[0].title, "One  thing");
  EXPECT_EQ(stories[0].line, 2);
  ASSERT_THAT(stories[0].steps, SizeIs(2));
  const StoryStep& first = stories[0].steps[0];
  EXPECT_EQ(first.release, "a/b");
  EXPECT_THAT(first.changes, ElementsAre(Pair("tag", "mit,apache-2.0"), Pair("gate", "auto")));
  const StoryStep& second = stories[0].steps[1];
  EXPECT_EQ(second.at_us, first.at_us + 13 * kHourUs);
  ASSERT_THAT(second.expected, SizeIs(1));
  EXPECT_EQ(second.expected[0].rule, "gate-auto");
  EXPECT_EQ(second.expected[0].severity, "warning");
  EXPECT_EQ(second.expected[0].event, "E6");
  EXPECT_EQ(second.expected[0].release, "a/b");
  EXPECT_THAT(stories[1].steps[0].changes, ElementsAre(Pair("file LICENSE", "two\nlines")));
}

TEST(StoryTest, SaysTheLineOfAMistake) {
  EXPECT_THAT(Refused(""), HasSubstr("no story"));
  EXPECT_THAT(Refused("at 2026-08-01"), HasSubstr("line 1: say `story TITLE` first"));
  EXPECT_THAT(Refused("story A\nexpect x"), HasSubstr("line 2: nothing has happened yet"));
  EXPECT_THAT(Refused("story A\nat +2d a/b"), HasSubstr("is a date"));
  EXPECT_THAT(Refused("story A\nat 2026-08-02\nat 2026-08-01"),
              HasSubstr("line 3: time goes back"));
  EXPECT_THAT(Refused("story A\nat 2026-08-02\nat +2y"), HasSubstr("\"+2y\" is no time"));
  EXPECT_THAT(Refused("story A\nat 2026-08-02\nat +"), HasSubstr("is no time"));
  EXPECT_THAT(Refused("story A\nat 2026-08-02 a/b colour red"), HasSubstr("\"colour\" is nothing"));
  EXPECT_THAT(Refused("story A\nat 2026-08-02 a/b tag"), HasSubstr("needs a value"));
  EXPECT_THAT(Refused("story A\nat 2026-08-02 a/b tag \"mit"), HasSubstr("quote"));
  EXPECT_THAT(Refused("story A\nwhen 2026-08-02"), HasSubstr("\"when\" begins nothing"));
}

}  // namespace
}  // namespace modelwatch::cli
