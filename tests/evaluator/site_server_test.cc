// SPDX-License-Identifier: Apache-2.0
#include "evaluator/site_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/fake_clock.h"
#include "testing/fake_index.h"
#include "testing/process.h"
#include "testing/status_matchers.h"

namespace modelwatch::evaluator {
namespace {

using ::testing::HasSubstr;

std::string Curl(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"curl", "-sS", "-i", "--max-time", "20"});
  const auto ended = testing::RunProcess(arguments);
  EXPECT_OK(ended);
  return ended.ok() ? ended->out + ended->err : "";
}

TEST(SiteServerTest, ServesThePageTheFeedAndTheMetricsUnderItsRealAddress) {
  testing::FakeClock clock;
  testing::FakeIndex index(clock);
  SiteServerOptions options;
  options.metrics_text = [] { return std::string("modelwatch_up 1\n"); };
  const auto server = SiteServer::Start(options, index);
  ASSERT_OK(server);
  const std::string& address = (*server)->address();
  EXPECT_THAT(Curl({address + "/"}), HasSubstr("What happens next"));
  EXPECT_THAT(Curl({address + "/feed.atom"}), HasSubstr("href=\"" + address + "/feed.atom\""));
  EXPECT_THAT(Curl({address + "/metrics"}), HasSubstr("modelwatch_up 1"));
}

TEST(SiteServerTest, AnswersAFeedThatDidNotChangeWithNotModified) {
  testing::FakeClock clock;
  testing::FakeIndex index(clock);
  const auto server = SiteServer::Start({}, index);
  ASSERT_OK(server);
  const std::string url = (*server)->address() + "/feed.atom";
  const std::string first = Curl({url});
  const size_t at = first.find("W/\"");
  ASSERT_NE(at, std::string::npos);
  const std::string tag = first.substr(at, first.find('\r', at) - at);
  EXPECT_THAT(Curl({"-H", "If-None-Match: " + tag, url}), HasSubstr("304 Not Modified"));
  EXPECT_THAT(Curl({"-I", url}), HasSubstr("application/atom+xml"));
}

TEST(SiteServerTest, UsesThePublicAddressInTheFeed) {
  testing::FakeClock clock;
  testing::FakeIndex index(clock);
  SiteServerOptions options;
  options.site.set_base_url("https://watch.example/");
  const auto server = SiteServer::Start(options, index);
  ASSERT_OK(server);
  EXPECT_THAT(Curl({(*server)->address() + "/feed.atom"}),
              HasSubstr("href=\"https://watch.example/feed.atom\""));
}

TEST(SiteServerTest, RefusesAPortInUse) {
  testing::FakeClock clock;
  testing::FakeIndex index(clock);
  const auto first = SiteServer::Start({}, index);
  ASSERT_OK(first);
  SiteServerOptions same;
  same.port = std::stoi((*first)->address().substr((*first)->address().rfind(':') + 1));
  EXPECT_THAT(SiteServer::Start(same, index),
              testing::StatusIs(absl::StatusCode::kFailedPrecondition, "already in use"));
}

}  // namespace
}  // namespace modelwatch::evaluator
