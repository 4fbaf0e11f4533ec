// SPDX-License-Identifier: Apache-2.0
#include "testing/loopback_http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"

namespace modelwatch::testing {
namespace {

constexpr int kTimeoutSeconds = 10;
constexpr size_t kReadBytes = 64 * 1024;

class Socket {
 public:
  explicit Socket(int port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(static_cast<uint16_t>(port));
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{kTimeoutSeconds, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    connected_ = connect(fd_, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0;
  }
  ~Socket() { close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }
  bool SendAll(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }
  // False at the end, on an error and on a timeout.
  bool ReadMore(std::string& into) {
    char bytes[kReadBytes];
    const ssize_t got = recv(fd_, bytes, sizeof bytes, 0);
    if (got <= 0) return false;
    into.append(bytes, static_cast<size_t>(got));
    return true;
  }

 private:
  int fd_;
  bool connected_ = false;
};

absl::Status Failure(std::string_view method, std::string_view target, int port) {
  return absl::UnavailableError(
      absl::StrFormat("%s %s at port %d: %s", method, target, port, strerror(errno)));
}

bool ReadHead(Socket& socket, std::string& bytes) {
  while (bytes.find("\r\n\r\n") == std::string::npos) {
    if (!socket.ReadMore(bytes)) return false;
  }
  return true;
}

void ParseHead(std::string_view head, LoopbackAnswer& answer) {
  const size_t space = head.find(' ');
  if (space != std::string_view::npos) {
    (void)absl::SimpleAtoi(std::string(head.substr(space + 1, 3)), &answer.status);
  }
  size_t line = head.find("\r\n");
  while (line != std::string_view::npos) {
    const size_t begin = line + 2;
    line = head.find("\r\n", begin);
    const std::string_view text = head.substr(begin, line - begin);
    const size_t colon = text.find(':');
    if (colon == std::string_view::npos) continue;
    std::string value(text.substr(colon + 1));
    absl::StripAsciiWhitespace(&value);
    answer.headers.emplace_back(absl::AsciiStrToLower(std::string(text.substr(0, colon))), value);
  }
}

}  // namespace

std::string LoopbackAnswer::Get(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return "";
}

absl::StatusOr<LoopbackAnswer> LoopbackRequest(int port, std::string_view method,
                                               std::string_view target, std::string_view body,
                                               const std::vector<std::string>& headers) {
  Socket socket(port);
  std::string request = absl::StrFormat(
      "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n", method, target, port);
  for (const std::string& header : headers) request += header + "\r\n";
  if (!body.empty()) request += absl::StrFormat("Content-Length: %d\r\n", body.size());
  request += absl::StrFormat("\r\n%s", body);
  if (!socket.connected() || !socket.SendAll(request)) return Failure(method, target, port);
  std::string bytes;
  if (!ReadHead(socket, bytes)) return Failure(method, target, port);
  const size_t head_end = bytes.find("\r\n\r\n");
  LoopbackAnswer answer;
  ParseHead(std::string_view(bytes).substr(0, head_end), answer);
  answer.body = bytes.substr(head_end + 4);
  uint64_t length = 0;
  const bool has_length = absl::SimpleAtoi(answer.Get("content-length"), &length);
  if (method == "HEAD" || answer.status == 304) length = 0;
  while (!has_length || answer.body.size() < length) {
    if (!socket.ReadMore(answer.body)) break;
  }
  answer.is_complete = has_length ? answer.body.size() == length : true;
  return answer;
}

}  // namespace modelwatch::testing
