// SPDX-License-Identifier: Apache-2.0
// RpcServer: a gRPC server as all our daemons run it: health, reflection, limits, TLS, graceful
// stop.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace grpc {
class Channel;
class Service;
}  // namespace grpc

namespace modelwatch::common {

// Paths of PEM files. Empty certificate = no TLS.
struct ServerTls {
  std::string certificate;
  std::string key;
  std::string client_ca;  // set = clients must show a certificate signed by it

  [[nodiscard]] bool enabled() const { return !certificate.empty(); }
};

struct RpcServerOptions {
  // "HOST:PORT" (port 0 = any free one), "unix:/path", or empty: only in-process channels.
  std::string address;
  ServerTls tls;
  size_t max_message_bytes = size_t{32} << 20;
  int max_threads = 256;  // a synchronous call holds one; beyond it calls get RESOURCE_EXHAUSTED
};

// Serving from construction to Stop(). Thread-safe. The services must outlive it.
class RpcServer {
 public:
  // UNAVAILABLE: the address cannot be bound (in use: SO_REUSEPORT is off, so that a second server
  // on a port fails instead of silently sharing it). NOT_FOUND: a PEM file that cannot be read.
  [[nodiscard]] static absl::StatusOr<std::unique_ptr<RpcServer>> Start(
      const RpcServerOptions& options, const std::vector<grpc::Service*>& services);
  ~RpcServer();
  RpcServer(const RpcServer&) = delete;
  RpcServer& operator=(const RpcServer&) = delete;

  // The port that was bound; 0 for Unix sockets and in-process servers.
  [[nodiscard]] int port() const;

  // A channel to this very server without a socket. Calls on it fail UNAVAILABLE after Stop().
  [[nodiscard]] std::shared_ptr<grpc::Channel> InProcessChannel();

  // Health says NOT_SERVING at once; new calls are refused; running ones get `grace`, then are
  // cancelled. Returns when none is left. Repeating it does nothing.
  void Stop(absl::Duration grace);

 private:
  struct State;
  explicit RpcServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// True when `header` is exactly "Bearer TOKEN". Takes the same time wherever they differ, so that
// the token cannot be guessed byte by byte.
[[nodiscard]] bool BearerTokenMatches(const std::string& header, const std::string& token);

}  // namespace modelwatch::common
