// SPDX-License-Identifier: Apache-2.0
// The program from the outside: flags, announcement, errors, a clean end.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "testing/replay_hub_process.h"
#include "testing/status_matchers.h"

namespace modelwatch::testing {
namespace {

TEST(ReplayHubProgramTest, ServesMovesAndEndsCleanly) {
  ASSERT_OK_AND_ASSIGN(auto hub,
                       ReplayHubProcess::Start({"--world", "cases:", "--world", "synthetic:20"}));
  ASSERT_OK_AND_ASSIGN(const std::string before, hub->Status());
  EXPECT_EQ(nlohmann::json::parse(before)["releases"], 28);
  EXPECT_EQ(nlohmann::json::parse(before)["now"], "2026-03-01T23:59:59Z");
  ASSERT_OK_AND_ASSIGN(const std::string after, hub->Advance("end"));
  EXPECT_EQ(nlohmann::json::parse(after)["done"], true);
  EXPECT_OK(hub->Fault("kind=html"));
  EXPECT_THAT(hub->Fault("kind=x"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(hub->Stop(), 0);
}

TEST(ReplayHubProgramTest, EndsWithAReasonForBadFlags) {
  EXPECT_THAT(ReplayHubProcess::Start({"--world", "nowhere:1"}),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(ReplayHubProcess::Start({"--world", "synthetic:none"}),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(ReplayHubProcess::Start({"--bogus"}), StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace modelwatch::testing
