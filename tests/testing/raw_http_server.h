// SPDX-License-Identifier: Apache-2.0
// A loopback server that sends exactly the bytes a test wrote, right or wrong.
#pragma once

#include <map>
#include <string>
#include <thread>
#include <vector>

#include "common/mutex.h"

namespace modelwatch::testing {

// Serves one connection after the other on an ephemeral port of 127.0.0.1 until destroyed.
// Thread-safe.
class RawHttpServer {
 public:
  struct Answer {
    std::string bytes;    // head and body as they go out
    bool closes = false;  // the connection ends after it
  };

  RawHttpServer();
  ~RawHttpServer();
  RawHttpServer(const RawHttpServer&) = delete;
  RawHttpServer& operator=(const RawHttpServer&) = delete;

  // What requests for this target get; others get 404.
  void Set(const std::string& target, Answer answer);

  [[nodiscard]] std::string Url(const std::string& target) const;
  [[nodiscard]] int connections() const;
  // Heads as they came in.
  [[nodiscard]] std::vector<std::string> requests() const;

 private:
  void Serve();
  void ServeConnection(int fd);

  int listener_ = -1;
  int port_ = 0;
  mutable common::Mutex mutex_;
  std::map<std::string, Answer> answers_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> requests_ ABSL_GUARDED_BY(mutex_);
  int connections_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> connection_threads_;
  std::thread thread_;
};

}  // namespace modelwatch::testing
