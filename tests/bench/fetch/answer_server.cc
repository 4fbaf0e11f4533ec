// SPDX-License-Identifier: Apache-2.0
#include "bench/fetch/answer_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <unordered_map>

#include "absl/strings/str_format.h"

namespace modelwatch::bench {
namespace {

struct Connection {
  std::string in;
  std::string out;  // what the socket did not take yet
};

std::string Answer(size_t body_bytes) {
  std::string body = "{\"id\":\"someone/some-model\",\"padding\":\"";
  while (body.size() + 2 < body_bytes) body.push_back(static_cast<char>('a' + body.size() % 26));
  body += "\"}";
  return absl::StrFormat(
      "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: %d\r\n"
      "ETag: W/\"1f65-0123456789abcdef\"\r\nRateLimit: \"api\";r=489;t=189\r\n"
      "RateLimit-Policy: \"fixed window\";\"api\";q=500;w=300\r\n"
      "Date: Wed, 19 Aug 2026 09:36:31 GMT\r\nConnection: keep-alive\r\n\r\n%s",
      body.size(), body);
}

// False when the connection is over.
bool Flush(int fd, Connection& connection) {
  while (!connection.out.empty()) {
    const ssize_t sent = send(fd, connection.out.data(), connection.out.size(), MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN;
    connection.out.erase(0, static_cast<size_t>(sent));
  }
  return true;
}

bool OnReadable(int fd, Connection& connection, const std::string& answer) {
  std::array<char, 65536> buffer{};
  const ssize_t got = recv(fd, buffer.data(), buffer.size(), 0);
  if (got <= 0) return got < 0 && errno == EAGAIN;
  connection.in.append(buffer.data(), static_cast<size_t>(got));
  size_t end = 0;
  while ((end = connection.in.find("\r\n\r\n")) != std::string::npos) {
    connection.in.erase(0, end + 4);
    connection.out += answer;
  }
  return Flush(fd, connection);
}

int Listen() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (listener < 0 || bind(listener, generic, size) != 0 || listen(listener, 1024) != 0 ||
      getsockname(listener, generic, &size) != 0) {
    return -1;
  }
  absl::PrintF("listening on http://127.0.0.1:%d/\n", ntohs(address.sin_port));
  std::fflush(stdout);
  return listener;
}

void Watch(int poller, int fd) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLET;
  event.data.fd = fd;
  epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
}

}  // namespace

std::string ServeAnswers(size_t body_bytes) {
  const std::string answer = Answer(body_bytes);
  const int listener = Listen();
  const int poller = epoll_create1(EPOLL_CLOEXEC);
  if (listener < 0 || poller < 0) return std::strerror(errno);
  epoll_event first{};
  first.events = EPOLLIN;
  first.data.fd = listener;
  epoll_ctl(poller, EPOLL_CTL_ADD, listener, &first);
  std::unordered_map<int, Connection> connections;
  std::array<epoll_event, 256> events{};
  while (true) {
    const int ready = epoll_wait(poller, events.data(), static_cast<int>(events.size()), -1);
    if (ready < 0 && errno != EINTR) return std::strerror(errno);
    for (int i = 0; i < ready; ++i) {
      const int fd = events[static_cast<size_t>(i)].data.fd;
      if (fd == listener) {
        const int accepted = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        const int on = 1;
        setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (accepted >= 0) Watch(poller, accepted);
        continue;
      }
      Connection& connection = connections[fd];
      if (OnReadable(fd, connection, answer) && Flush(fd, connection)) continue;
      connections.erase(fd);
      close(fd);
    }
  }
}

}  // namespace modelwatch::bench
