// SPDX-License-Identifier: Apache-2.0
#include "testing/raw_http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>

namespace modelwatch::testing {
namespace {

constexpr int kPollMs = 20;

bool SendAll(int fd, const std::string& bytes) {
  size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t got = send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (got <= 0) return false;
    sent += static_cast<size_t>(got);
  }
  return true;
}

}  // namespace

RawHttpServer::RawHttpServer() {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
      listen(listener_, 64) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    throw std::runtime_error(std::string("loopback server: ") + std::strerror(errno));
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Serve(); });
}

RawHttpServer::~RawHttpServer() {
  {
    common::MutexLock lock(mutex_);
    stopping_ = true;
  }
  thread_.join();
  for (std::thread& thread : connection_threads_) thread.join();
  close(listener_);
}

void RawHttpServer::Set(const std::string& target, Answer answer) {
  common::MutexLock lock(mutex_);
  answers_[target] = std::move(answer);
}

std::string RawHttpServer::Url(const std::string& target) const {
  return "http://127.0.0.1:" + std::to_string(port_) + target;
}

int RawHttpServer::connections() const {
  common::MutexLock lock(mutex_);
  return connections_;
}

std::vector<std::string> RawHttpServer::requests() const {
  common::MutexLock lock(mutex_);
  return requests_;
}

void RawHttpServer::Serve() {
  while (true) {
    {
      common::MutexLock lock(mutex_);
      if (stopping_) return;
    }
    pollfd ready{listener_, POLLIN, 0};
    if (poll(&ready, 1, kPollMs) <= 0) continue;
    const int fd = accept(listener_, nullptr, nullptr);
    if (fd < 0) continue;
    {
      common::MutexLock lock(mutex_);
      ++connections_;
    }
    connection_threads_.emplace_back([this, fd] { ServeConnection(fd); });
  }
}

void RawHttpServer::ServeConnection(int fd) {
  std::string received;
  char buffer[4096];
  while (true) {
    const size_t end = received.find("\r\n\r\n");
    if (end == std::string::npos) {
      {
        common::MutexLock lock(mutex_);
        if (stopping_) break;
      }
      pollfd ready{fd, POLLIN, 0};
      if (poll(&ready, 1, kPollMs) <= 0) continue;
      const ssize_t got = recv(fd, buffer, sizeof(buffer), 0);
      if (got <= 0) break;
      received.append(buffer, static_cast<size_t>(got));
      continue;
    }
    const std::string head = received.substr(0, end);
    received.erase(0, end + 4);
    const size_t space = head.find(' ');
    const std::string target = head.substr(space + 1, head.find(' ', space + 1) - space - 1);
    Answer answer{"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", false};
    {
      common::MutexLock lock(mutex_);
      requests_.push_back(head);
      const auto found = answers_.find(target);
      if (found != answers_.end()) answer = found->second;
    }
    if (!SendAll(fd, answer.bytes) || answer.closes) break;
  }
  close(fd);
}

}  // namespace modelwatch::testing
