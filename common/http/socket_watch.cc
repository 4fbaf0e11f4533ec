// SPDX-License-Identifier: Apache-2.0
#include "common/http/socket_watch.h"

#include <sys/epoll.h>
#include <unistd.h>

namespace modelwatch::common {

SocketWatch::SocketWatch() : poller_(epoll_create1(EPOLL_CLOEXEC)) {}

SocketWatch::~SocketWatch() { close(poller_); }

SocketWatch::Watched& SocketWatch::At(int fd) {
  if (watched_.size() <= static_cast<size_t>(fd)) watched_.resize(static_cast<size_t>(fd) + 1);
  return watched_[static_cast<size_t>(fd)];
}

void SocketWatch::Opened(int fd) { At(fd) = {0, 0, true}; }

void SocketWatch::Close(int fd) {
  At(fd) = {};  // the kernel forgets it by itself
  close(fd);
}

void SocketWatch::Want(int fd, uint32_t events) {
  Watched& watched = At(fd);
  watched.wanted = events;
  const bool is_missing = (events & ~watched.known) != 0;
  if (is_missing || (events == 0 && !watched.is_ours)) Tell(fd, watched);
}

uint32_t SocketWatch::Sift(int fd, uint32_t events) {
  Watched& watched = At(fd);
  if (watched.wanted == 0 || (events & watched.known & ~watched.wanted) != 0) Tell(fd, watched);
  if (watched.wanted == 0) return 0;
  return events & (watched.wanted | EPOLLERR | EPOLLHUP);
}

void SocketWatch::Tell(int fd, Watched& watched) const {
  if (watched.wanted == watched.known) return;
  epoll_event event{};
  event.events = watched.wanted;
  event.data.fd = fd;
  const int how = watched.known == 0    ? EPOLL_CTL_ADD
                  : watched.wanted == 0 ? EPOLL_CTL_DEL
                                        : EPOLL_CTL_MOD;
  epoll_ctl(poller_, how, fd, &event);
  watched.known = watched.wanted;
}

}  // namespace modelwatch::common
