// SPDX-License-Identifier: Apache-2.0
// Channels: how a daemon reaches another. Deadlines, keepalive, size limits, TLS and the token
// stand here, so that every client behaves the same.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace grpc {
class Channel;
class ClientContext;
}  // namespace grpc

namespace modelwatch::common {

// Paths of PEM files. All empty = no TLS.
struct ClientTls {
  std::string server_ca;    // who may sign the server's certificate; empty with `certificate` set =
                            // system roots
  std::string certificate;  // our own, when the server asks for one
  std::string key;
  bool use_system_roots = false;  // TLS with the system's roots and no files at all

  [[nodiscard]] bool enabled() const {
    return use_system_roots || !server_ca.empty() || !certificate.empty();
  }
};

struct ChannelOptions {
  ClientTls tls;
  size_t max_message_bytes = size_t{32} << 20;
  // Idle pings notice a peer that vanished. The server allows one each 10 s.
  absl::Duration keepalive = absl::Seconds(30);
};

// Opens lazily: the peer need not be there yet. `target` is a gRPC target ("unix:/path",
// "127.0.0.1:9000", "dns:///host:port"). INVALID_ARGUMENT: empty target. NOT_FOUND: a PEM file that
// cannot be read.
[[nodiscard]] absl::StatusOr<std::shared_ptr<grpc::Channel>> OpenChannel(
    const std::string& target, const ChannelOptions& options);

// Sets the deadline and, when there is a token, "authorization: Bearer TOKEN". Waits for a channel
// that is connecting only as long as the deadline when `wait_for_ready`.
void PrepareCall(grpc::ClientContext& context, absl::Duration deadline, const std::string& token,
                 bool wait_for_ready = false);

// Asks grpc.health.v1: OK when the server says SERVING; UNAVAILABLE, at once when nobody listens,
// or DEADLINE_EXCEEDED otherwise.
[[nodiscard]] absl::Status CheckHealth(const std::shared_ptr<grpc::Channel>& channel,
                                       absl::Duration deadline);

// Debian's absl has deadlock detection on, which makes every gRPC mutex four times slower (22 ns ->
// 6 ns, spec/toolchain.md 1.3). First line of main() in a program that speaks gRPC.
void DisableMutexDeadlockDetection();

}  // namespace modelwatch::common
