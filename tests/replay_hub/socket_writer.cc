// SPDX-License-Identifier: Apache-2.0
#include "replay_hub/socket_writer.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>

#include "absl/strings/str_format.h"

namespace modelwatch::replay_hub {
namespace {

constexpr int kNotModified = 304;
constexpr size_t kPatternChunk = 256 * 1024;
constexpr std::string_view kPattern = "replayed bytes.\n";
static_assert(kPatternChunk % kPattern.size() == 0);

bool SendAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

// Head and body in one system call: two would cost a packet each.
bool SendTogether(int fd, std::string_view head, std::string_view body) {
  iovec parts[2] = {{const_cast<char*>(head.data()), head.size()},
                    {const_cast<char*>(body.data()), body.size()}};
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = body.empty() ? 1 : 2;
  const ssize_t sent = sendmsg(fd, &message, MSG_NOSIGNAL);
  if (sent < 0) return errno == EINTR && SendAll(fd, head) && SendAll(fd, body);
  const auto done = static_cast<size_t>(sent);
  if (done < head.size()) return SendAll(fd, head.substr(done)) && SendAll(fd, body);
  return SendAll(fd, body.substr(done - head.size()));
}

bool SendPattern(int fd, uint64_t offset, uint64_t bytes) {
  static const std::string& chunk = *[] {
    auto* text = new std::string;
    while (text->size() < kPatternChunk) text->append(kPattern);
    return text;
  }();
  while (bytes > 0) {
    const size_t begin = offset % kPattern.size();
    const size_t size =
        static_cast<size_t>(std::min<uint64_t>(bytes, chunk.size() - kPattern.size()));
    if (!SendAll(fd, std::string_view(chunk).substr(begin, size))) return false;
    offset += size;
    bytes -= size;
  }
  return true;
}

void ResetOnClose(int fd) {
  const linger now{1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

std::string HeadText(const Response& response, bool keep_alive) {
  std::string head =
      absl::StrFormat("HTTP/1.1 %d %s\r\n", response.status, ReasonPhrase(response.status));
  for (const Header& header : response.headers) {
    head += header.first;
    head += ": ";
    // A value may quote what the client sent: no line of its making.
    for (const char c : header.second)
      head.push_back(static_cast<unsigned char>(c) < ' ' ? ' ' : c);
    head += "\r\n";
  }
  const bool has_length = response.status != kNotModified;
  if (has_length) {
    const uint64_t length = response.fault && response.fault->claimed_length
                                ? *response.fault->claimed_length
                                : response.body_size();
    head += absl::StrFormat("Content-Length: %d\r\n", length);
  }
  head += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  return head;
}

// Waits, and tells whether the client hung up meanwhile.
bool HungUpWithin(int fd, int pause_ms) {
  pollfd watched{fd, POLLIN | POLLRDHUP, 0};
  if (poll(&watched, 1, pause_ms) <= 0) return false;
  if ((watched.revents & (POLLERR | POLLHUP | POLLRDHUP)) != 0) return true;
  char byte = 0;
  return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

// A spoilt body; the connection ends with it.
void SendSpoilt(int fd, const WireFault& fault, std::string_view body) {
  if (fault.cut_after) body = body.substr(0, std::min(*fault.cut_after, body.size()));
  const size_t step = fault.drip_bytes > 0 ? fault.drip_bytes : std::max<size_t>(body.size(), 1);
  while (!body.empty()) {
    if (!SendAll(fd, body.substr(0, step))) return;
    body.remove_prefix(std::min(step, body.size()));
    if (fault.drip_pause_ms > 0 && HungUpWithin(fd, fault.drip_pause_ms)) return;
  }
  if (fault.reset) ResetOnClose(fd);
}

}  // namespace

bool WriteResponse(int fd, const Response& response, bool head_only, bool keep_alive) {
  const bool bodiless = head_only || response.status == kNotModified;
  const bool spoilt = response.fault.has_value() && !bodiless;
  const std::string head = HeadText(response, keep_alive && !spoilt);
  const std::string_view body = response.borrowed_body.value_or(response.body);
  if (bodiless) return SendAll(fd, head) && keep_alive;
  if (spoilt) {
    if (SendAll(fd, head)) SendSpoilt(fd, *response.fault, body);
    return false;
  }
  if (response.pattern_bytes) {
    return SendAll(fd, head) && SendPattern(fd, response.pattern_offset, *response.pattern_bytes) &&
           keep_alive;
  }
  return SendTogether(fd, head, body) && keep_alive;
}

}  // namespace modelwatch::replay_hub
