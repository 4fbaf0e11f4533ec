// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_format.h"
#include "common/status_macros.h"
#include "replay_hub/request_parser.h"
#include "replay_hub/socket_writer.h"

namespace modelwatch::replay_hub {
namespace {

constexpr int kBacklog = 1024;
constexpr size_t kReadBytes = 16 * 1024;
constexpr int kIdleSeconds = 120;  // a client may keep a connection idle so long
constexpr int kSendSeconds = 60;   // a client that reads nothing for so long is dropped

absl::Status SocketError(std::string_view what, std::string_view address, int port) {
  return absl::UnavailableError(absl::StrFormat("replay hub: %s %s:%d: %s; choose another --port",
                                                what, address, port, strerror(errno)));
}

absl::StatusOr<int> Listen(std::string_view address, int port) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(static_cast<uint16_t>(port));
  if (inet_pton(AF_INET, std::string(address).c_str(), &where.sin_addr) != 1) {
    return absl::InvalidArgumentError(
        absl::StrFormat("replay hub: \"%s\" is not an IPv4 address", address));
  }
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0 ||
      listen(fd, kBacklog) != 0) {
    const absl::Status status = SocketError("listen on", address, port);
    close(fd);
    return status;
  }
  return fd;
}

// -1 where IPv6 or the port is not to be had: "localhost" then means 127.0.0.1 alone.
int ListenLoopback6(int port) {
  const int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  sockaddr_in6 where{};
  where.sin6_family = AF_INET6;
  where.sin6_port = htons(static_cast<uint16_t>(port));
  where.sin6_addr = in6addr_loopback;
  if (bind(fd, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0 &&
      listen(fd, kBacklog) == 0) {
    return fd;
  }
  close(fd);
  return -1;
}

int PortOf(int fd) {
  sockaddr_in where{};
  socklen_t size = sizeof where;
  getsockname(fd, reinterpret_cast<sockaddr*>(&where), &size);
  return ntohs(where.sin_port);
}

std::string PeerOf(int fd) {
  sockaddr_storage from{};
  socklen_t size = sizeof from;
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&from), &size) != 0) return "?";
  char text[INET6_ADDRSTRLEN] = "";
  if (from.ss_family == AF_INET6) {
    inet_ntop(AF_INET6, &reinterpret_cast<sockaddr_in6*>(&from)->sin6_addr, text, sizeof text);
  } else {
    inet_ntop(AF_INET, &reinterpret_cast<sockaddr_in*>(&from)->sin_addr, text, sizeof text);
  }
  return text;
}

void Prepare(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const timeval idle{kIdleSeconds, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &idle, sizeof idle);
  const timeval stuck{kSendSeconds, 0};
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &stuck, sizeof stuck);
}

Response BadRequest(std::string_view why) {
  Response response;
  response.status = 400;
  response.Set("Content-Type", "text/plain; charset=utf-8");
  response.body = std::string(why);
  return response;
}

}  // namespace

struct HttpServer::Connection {
  int fd = -1;  // -1 = done; guarded by mutex_ once the thread runs, which alone changes it
  std::string peer;
  std::thread thread;
};

HttpServer::HttpServer(Handler handler) : handler_(std::move(handler)) {}
HttpServer::~HttpServer() { Stop(); }

absl::StatusOr<int> HttpServer::Start(std::string_view address, int port) {
  ASSIGN_OR_RETURN(listen_fd_, Listen(address, port));
  const int taken = PortOf(listen_fd_);
  if (address == "127.0.0.1") listen6_fd_ = ListenLoopback6(taken);
  wake_fd_ = eventfd(0, EFD_CLOEXEC);
  acceptor_ = std::thread([this] { AcceptLoop(); });
  return taken;
}

void HttpServer::AcceptLoop() {
  pollfd watched[3] = {{wake_fd_, POLLIN, 0}, {listen_fd_, POLLIN, 0}, {listen6_fd_, POLLIN, 0}};
  while (true) {
    if (poll(watched, 3, -1) < 0 && errno != EINTR) return;
    if (watched[0].revents != 0) return;
    for (const pollfd& door : watched) {
      if (door.fd == wake_fd_ || (door.revents & POLLIN) == 0) continue;
      const int fd = accept4(door.fd, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) continue;
      Prepare(fd);
      auto connection = std::make_unique<Connection>();
      connection->fd = fd;
      connection->peer = PeerOf(fd);
      Connection* const borrowed = connection.get();
      Reap(false);
      common::MutexLock lock(mutex_);
      if (stopping_) {
        close(fd);
        return;
      }
      connection->thread = std::thread([this, borrowed] { Serve(*borrowed); });
      connections_.push_back(std::move(connection));
    }
  }
}

void HttpServer::Serve(Connection& connection) {
  const int fd = connection.fd;
  std::string buffer;
  char bytes[kReadBytes];
  bool open = true;
  while (open) {
    const auto parsed = ParseRequest(buffer);
    if (!parsed.ok()) {
      WriteResponse(fd, BadRequest(std::string(parsed.status().message())), false, false);
      break;
    }
    if (parsed->has_value()) {
      Request request = (*parsed)->request;
      request.peer = connection.peer;
      buffer.erase(0, (*parsed)->consumed);
      const Response response = handler_(request);
      open = WriteResponse(fd, response, request.method == "HEAD", request.keep_alive);
      continue;
    }
    const ssize_t got = recv(fd, bytes, sizeof bytes, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    buffer.append(bytes, static_cast<size_t>(got));
  }
  common::MutexLock lock(mutex_);
  close(connection.fd);
  connection.fd = -1;
}

// Joins the threads that are done (or all of them) and closes their sockets.
void HttpServer::Reap(bool all) {
  std::list<std::unique_ptr<Connection>> done;
  {
    common::MutexLock lock(mutex_);
    for (auto at = connections_.begin(); at != connections_.end();) {
      const auto next = std::next(at);
      const int fd = (*at)->fd;
      if (all && fd >= 0) shutdown(fd, SHUT_RDWR);
      if (all || fd < 0) done.splice(done.end(), connections_, at);
      at = next;
    }
  }
  for (const auto& connection : done) connection->thread.join();
}

void HttpServer::Stop() {
  {
    common::MutexLock lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
  }
  if (listen_fd_ < 0) return;
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(wake_fd_, &one, sizeof one);
  acceptor_.join();
  Reap(true);
  for (const int fd : {listen_fd_, listen6_fd_, wake_fd_}) {
    if (fd >= 0) close(fd);
  }
}

}  // namespace modelwatch::replay_hub
