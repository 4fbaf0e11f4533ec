// SPDX-License-Identifier: Apache-2.0
// A replay hub as a program of its own, on an ephemeral port, for the length of a test.
//
//   ASSERT_OK_AND_ASSIGN(auto hub, ReplayHubProcess::Start({"--world", "synthetic:100"}));
//   crawl(hub->url());
//   ASSERT_OK_AND_ASSIGN(const std::string status, hub->Status());   // GET /_replay/status
//
// Link mw_replay_hub_process. A test that needs no process of its own is better served by
// replay_hub/replay_server.h.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace modelwatch::testing {

// Owns the process; the destructor stops it (SIGTERM, after 5 s SIGKILL). Not thread-safe.
class ReplayHubProcess {
 public:
  // Starts it with these flags and waits until it listens, at most 60 s (a large world takes its
  // time). UNAVAILABLE with its last words when it ends instead; they also go to our stderr.
  static absl::StatusOr<std::unique_ptr<ReplayHubProcess>> Start(std::vector<std::string> flags);

  ~ReplayHubProcess();
  ReplayHubProcess(const ReplayHubProcess&) = delete;
  ReplayHubProcess& operator=(const ReplayHubProcess&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] const std::string& url() const { return url_; }  // "http://127.0.0.1:PORT"
  [[nodiscard]] int pid() const { return pid_; }

  // The JSON of GET /_replay/status; keys in tests/replay_hub/README.md.
  [[nodiscard]] absl::StatusOr<std::string> Status() const;
  // `to`: "next", "end" or an RFC 3339 time. Returns the status afterwards.
  absl::StatusOr<std::string> Advance(std::string_view to = "next") const;
  // `query` as in tests/replay_hub/faults.h, e.g. "kind=status&code=503&count=3".
  absl::Status Fault(std::string_view query) const;

  // Ends it now; returns its exit code (0 after a clean stop). Idempotent.
  int Stop();

 private:
  ReplayHubProcess(int pid, int port);

  int pid_;
  int port_;
  int exit_code_ = -1;
  std::string url_;
};

}  // namespace modelwatch::testing
