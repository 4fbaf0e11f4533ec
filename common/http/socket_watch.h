// SPDX-License-Identifier: Apache-2.0
// SocketWatch: which sockets the kernel watches for somebody who says after every request that he
// has lost interest in them, and with the next one that he has it again.
//
// libcurl does. Believing it would cost two system calls a request, so a socket of ours stays
// watched until something happens on it that nobody waits for.
#pragma once

#include <cstdint>
#include <vector>

namespace modelwatch::common {

// Owns an epoll descriptor, not the sockets. Not thread-safe.
class SocketWatch {
 public:
  SocketWatch();
  ~SocketWatch();
  SocketWatch(const SocketWatch&) = delete;
  SocketWatch& operator=(const SocketWatch&) = delete;

  // To be waited on. What it tells goes through Sift().
  [[nodiscard]] int poller() const { return poller_; }

  // `fd` is closed through Close() alone, so it may stay watched. Of others the kernel is told at
  // once that nobody waits: their number may be another file's the next moment.
  void Opened(int fd);
  void Close(int fd);

  // `events`: EPOLLIN, EPOLLOUT, both or 0.
  void Want(int fd, uint32_t events);

  // Of what happened, what somebody waits for, and errors. 0: nobody waits any more.
  [[nodiscard]] uint32_t Sift(int fd, uint32_t events);

 private:
  struct Watched {
    uint32_t wanted = 0;
    uint32_t known = 0;  // to the kernel
    bool is_ours = false;
  };

  [[nodiscard]] Watched& At(int fd);
  void Tell(int fd, Watched& watched) const;

  const int poller_;
  std::vector<Watched> watched_;  // by descriptor
};

}  // namespace modelwatch::common
