// SPDX-License-Identifier: Apache-2.0
// ReplayServer: a replay hub behind a socket, for tests in the same process.
//
//   World world;  ...fill...
//   ReplayServer server(world, common::SystemClock(), {});
//   ASSERT_OK(server.Start());
//   crawl(server.url());
//   EXPECT_EQ(server.hub().counters().bodies().max_per_oid, 1);
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "replay_hub/http_server.h"
#include "replay_hub/replay_hub.h"

namespace modelwatch::replay_hub {

// Owns its threads; the destructor stops it. `world` and `clock` must outlive it.
class ReplayServer {
 public:
  ReplayServer(World& world, const common::Clock& clock, ReplayHubOptions options)
      : hub_(world, clock, std::move(options)),
        server_([this](const Request& request) { return hub_.Handle(request); }) {}
  ReplayServer(const ReplayServer&) = delete;
  ReplayServer& operator=(const ReplayServer&) = delete;

  // Serves on an ephemeral port of 127.0.0.1 unless told otherwise. UNAVAILABLE: port in use.
  absl::Status Start(std::string_view address = "127.0.0.1", int port = 0);
  void Stop() { server_.Stop(); }

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] const std::string& url() const { return url_; }  // "http://127.0.0.1:PORT"
  [[nodiscard]] ReplayHub& hub() { return hub_; }

 private:
  ReplayHub hub_;
  HttpServer server_;
  int port_ = 0;
  std::string url_;
};

}  // namespace modelwatch::replay_hub
