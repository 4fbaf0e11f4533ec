// SPDX-License-Identifier: Apache-2.0
#include "cli/config.h"

#include <gtest/gtest.h>

#include <fstream>

#include "testing/status_matchers.h"
#include "testing/temp_dir.h"

namespace modelwatch::cli {
namespace {

using ::absl::StatusCode;
using ::modelwatch::testing::StatusIs;

TEST(ConfigTest, WithoutAFileWatchesTheLiveHubWithEveryDefaultFilled) {
  ASSERT_OK_AND_ASSIGN(const v1::Config config, LoadConfig("", {}));
  ASSERT_EQ(config.hubs_size(), 1);
  EXPECT_EQ(config.hubs(0).name(), "huggingface");
  EXPECT_EQ(config.hubs(0).endpoint(), "https://huggingface.co");
  EXPECT_EQ(config.hubs(0).page_size(), 1000U);
  EXPECT_EQ(config.crawl().max_in_flight(), 32U);
  EXPECT_EQ(config.policy().access_hold_down_ms(), 43'200'000);
}

TEST(ConfigTest, RefusesAnUnknownFieldWithItsLine) {
  EXPECT_THAT(ParseConfig("crawl {\n  max_in_fligth: 3\n}", "a.textproto", {}),
              StatusIs(StatusCode::kInvalidArgument, "a.textproto, line 2"));
}

TEST(ConfigTest, RefusesValuesOutOfRange) {
  EXPECT_THAT(ParseConfig("hubs { name: 'huggingface' page_size: 5000 }", "f", {}),
              StatusIs(StatusCode::kInvalidArgument, "page_size"));
  EXPECT_THAT(ParseConfig("hubs { name: 'nohub' }", "f", {}),
              StatusIs(StatusCode::kInvalidArgument, "nohub"));
  EXPECT_THAT(ParseConfig("crawl { max_in_flight: 65 }", "f", {}),
              StatusIs(StatusCode::kInvalidArgument, "max_in_flight"));
}

TEST(ConfigTest, TheCommandLineWinsOverTheEnvironmentAndBothOverTheFile) {
  const char* const kFile = "hubs { name: 'huggingface' endpoint: 'https://f' sweep_ms: 7 }";
  ASSERT_OK_AND_ASSIGN(v1::Config config, ParseConfig(kFile, "f", {{}, "http://e"}));
  EXPECT_EQ(config.hubs(0).endpoint(), "http://e");
  ASSERT_OK_AND_ASSIGN(config, ParseConfig(kFile, "f", {{"huggingface=http://c"}, "http://e"}));
  EXPECT_EQ(config.hubs(0).endpoint(), "http://c");
  EXPECT_EQ(config.hubs(0).sweep_ms(), 7);
  ASSERT_OK_AND_ASSIGN(config, ParseConfig("", "f", {{"huggingface"}, "http://e"}));
  EXPECT_EQ(config.hubs(0).endpoint(), "http://e");
}

TEST(ConfigTest, RefusesAnEndpointOfAnotherScheme) {
  EXPECT_THAT(ParseConfig("", "f", {{"huggingface=file:///etc"}, ""}),
              StatusIs(StatusCode::kInvalidArgument, "file:///etc"));
}

TEST(ConfigTest, SaysWhichFileCannotBeRead) {
  const testing::TempDir dir;
  EXPECT_THAT(LoadConfig(dir.Sub("absent.textproto"), {}),
              StatusIs(StatusCode::kNotFound, "absent.textproto"));
}

}  // namespace
}  // namespace modelwatch::cli
