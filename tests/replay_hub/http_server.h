// SPDX-License-Identifier: Apache-2.0
// HttpServer: HTTP/1.1 with keep-alive over plain sockets, one thread a connection.
//
// Not cpp-httplib: this hub must send what no sound library sends (a reset in mid-body, a wrong
// Content-Length, a drip). Numbers of both
// are in README.md. HTTP/2 and TLS come from nghttpx in front (tls_front.sh).
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mutex.h"
#include "replay_hub/http_message.h"

namespace modelwatch::replay_hub {

// Owns its threads; Stop() or the destructor ends and joins them. Thread-safe after Start.
class HttpServer {
 public:
  // Called from many threads at once.
  using Handler = std::function<Response(const Request&)>;

  explicit HttpServer(Handler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Listens on `address` (an IPv4 literal) and serves. Port 0 takes a free one. On 127.0.0.1 it
  // listens on ::1 with the same port too, where that is to be had, because "localhost" may mean
  // either. Returns the port. UNAVAILABLE when the port is in use.
  absl::StatusOr<int> Start(std::string_view address, int port);

  // Ends every connection at once and waits for the threads. Idempotent.
  void Stop();

 private:
  struct Connection;

  void AcceptLoop();
  void Serve(Connection& connection);
  void Reap(bool all);

  const Handler handler_;
  int listen_fd_ = -1;
  int listen6_fd_ = -1;
  int wake_fd_ = -1;
  std::thread acceptor_;
  common::Mutex mutex_;
  std::list<std::unique_ptr<Connection>> connections_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace modelwatch::replay_hub
