// SPDX-License-Identifier: Apache-2.0
// BoundedStream: a connection that can be neither too long nor too slow.
//
// cpp-httplib 0.11 bounds each read, not the request: a visitor who sends a byte every four
// seconds, or a header without end, would hold a thread and memory for ever. Only http_server.cc
// includes this.
#pragma once

#include <httplib.h>

#include <string>

#include "absl/time/time.h"

namespace modelwatch::common {

// Not thread-safe; one connection, one thread. Does not own the socket.
class BoundedStream final : public httplib::Stream {
 public:
  // Reads at most `max_read_bytes` in all and until `read_deadline`; the first write starts the
  // `write_timeout`. Past a limit every call fails.
  BoundedStream(int socket, size_t max_read_bytes, absl::Time read_deadline,
                absl::Duration write_timeout)
      : socket_(socket),
        unread_bytes_(max_read_bytes),
        read_deadline_(read_deadline),
        write_timeout_(write_timeout) {}

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* to, size_t size) override;
  ssize_t write(const char* from, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

 private:
  [[nodiscard]] bool WaitFor(short events, absl::Time deadline) const;

  const int socket_;
  size_t unread_bytes_;
  const absl::Time read_deadline_;
  const absl::Duration write_timeout_;
  absl::Time write_deadline_ = absl::InfiniteFuture();
  // The library reads byte by byte; one system call a byte would cost more than the answer.
  std::string buffered_;
  size_t taken_ = 0;
};

}  // namespace modelwatch::common
