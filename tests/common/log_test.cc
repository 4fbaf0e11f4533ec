// SPDX-License-Identifier: Apache-2.0
#include "common/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace modelwatch::common {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::internal::CaptureStderr;
using ::testing::internal::GetCapturedStderr;

TEST(LogTest, AnEventIsOneLineOfKeysAndValues) {
  CaptureStderr();
  LogInfo("crawl.page", {{"hub", "huggingface"}, {"rows", Str(1000)}});
  const std::string line = GetCapturedStderr();
  EXPECT_THAT(line, EndsWith(" info crawl.page hub=huggingface rows=1000\n"));
}

TEST(LogTest, AValueWithSpacesIsQuoted) {
  CaptureStderr();
  LogWarning("fetch.failed", {{"why", "HTTP 503 said \"later\""}, {"url", ""}});
  EXPECT_THAT(GetCapturedStderr(), HasSubstr("why=\"HTTP 503 said 'later'\" url=\"\""));
}

TEST(LogTest, AValueFromAHubCannotBreakTheLine) {
  CaptureStderr();
  LogError("hub.answer", {{"body", "a\nlevel=info fake\x1b[31m\xff"}});
  const std::string line = GetCapturedStderr();
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_THAT(line, HasSubstr("body=\"a level=info fake?[31m?\""));
}

TEST(LogTest, LinesBelowTheLevelAreDropped) {
  CaptureStderr();
  LogDebug("not.shown");
  SetLogLevel(LogLevel::kError);
  LogWarning("not.shown.either");
  SetLogLevel(LogLevel::kDebug);
  LogDebug("shown");
  SetLogLevel(LogLevel::kInfo);
  const std::string lines = GetCapturedStderr();
  EXPECT_THAT(lines, ::testing::Not(HasSubstr("not.shown")));
  EXPECT_THAT(lines, HasSubstr("debug shown\n"));
}

TEST(OneLineTest, KeepsValidUtf8) { EXPECT_EQ(OneLine("a 通义 é 🙂"), "a 通义 é 🙂"); }

TEST(OneLineTest, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(OneLine("a\xC3(b\xE2\x82"), "a?(b??");
  EXPECT_EQ(OneLine("\xC0\xAF"), "??");            // overlong '/'
  EXPECT_EQ(OneLine("\xE0\x80\xAF"), "???");       // overlong '/'
  EXPECT_EQ(OneLine("\xED\xA0\x80"), "???");       // a surrogate
  EXPECT_EQ(OneLine("\xF4\x90\x80\x80"), "????");  // over U+10FFFF
}

TEST(OneLineTest, EndsAtAWholeCharacter) {
  EXPECT_EQ(OneLine("aé", 2), "a");
  EXPECT_EQ(OneLine("aé", 3), "aé");
  EXPECT_EQ(OneLine(std::string(1000, 'x')).size(), 300U);
}

}  // namespace
}  // namespace modelwatch::common
