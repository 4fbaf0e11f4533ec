// SPDX-License-Identifier: Apache-2.0
// The hub with every case in it, behind a real socket, and the questions that its tests ask.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "replay_hub/cases_world.h"
#include "replay_hub/replay_server.h"
#include "testing/fake_clock.h"
#include "testing/loopback_http.h"
#include "testing/status_matchers.h"

namespace modelwatch::replay_hub {

using Lines = std::vector<std::string>;

class ReplayFixture : public ::testing::Test {
 protected:
  // Call once, after world_ was filled.
  void Serve(ReplayHubOptions options = {}) {
    options.hub.tokens = {"hf_test"};
    options.hub.granted_tokens = {"hf_granted"};
    server_ = std::make_unique<ReplayServer>(world_, clock_, std::move(options));
    ASSERT_OK(server_->Start());
  }
  void ServeCases(ReplayHubOptions options = {}) {
    ASSERT_OK(LoadCasesWorld("", world_));
    Serve(std::move(options));
  }

  testing::LoopbackAnswer Ask(std::string_view method, std::string_view target,
                              std::string_view body = "", const Lines& headers = {}) {
    auto answer = testing::LoopbackRequest(server_->port(), method, target, body, headers);
    EXPECT_OK(answer);
    return answer.ok() ? *std::move(answer) : testing::LoopbackAnswer{};
  }
  testing::LoopbackAnswer Get(std::string_view target, const Lines& headers = {}) {
    return Ask("GET", target, "", headers);
  }
  nlohmann::ordered_json GetJson(std::string_view target, const Lines& headers = {}) {
    const testing::LoopbackAnswer answer = Get(target, headers);
    EXPECT_EQ(answer.status, 200) << target << ": " << answer.body;
    return nlohmann::ordered_json::parse(answer.body, nullptr, false);
  }
  nlohmann::ordered_json Status() { return GetJson("/_replay/status"); }

  // The ids of a whole listing, page by page over the Link headers.
  std::vector<std::string> ListIds(std::string target) {
    std::vector<std::string> ids;
    while (!target.empty()) {
      const testing::LoopbackAnswer answer = Get(target);
      EXPECT_EQ(answer.status, 200) << target;
      for (const auto& row : nlohmann::json::parse(answer.body)) ids.push_back(row["id"]);
      target = NextTarget(answer);
    }
    return ids;
  }
  // The target of the next page, without the origin; "" on the last.
  std::string NextTarget(const testing::LoopbackAnswer& answer) {
    const std::string link = answer.Get("link");
    const size_t end = link.find('>');
    if (end == std::string::npos) return "";
    EXPECT_EQ(link.substr(1, server_->url().size()), server_->url());
    return link.substr(1 + server_->url().size(), end - 1 - server_->url().size());
  }

  testing::FakeClock clock_;
  World world_;
  std::unique_ptr<ReplayServer> server_;
};

inline const Lines kUser = {"Authorization: Bearer hf_test"};
inline const Lines kGranted = {"Authorization: Bearer hf_granted"};

}  // namespace modelwatch::replay_hub
