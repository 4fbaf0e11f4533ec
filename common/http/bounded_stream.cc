// SPDX-License-Identifier: Apache-2.0
#include "common/http/bounded_stream.h"

#include <httplib.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "absl/time/clock.h"

namespace modelwatch::common {
namespace {

class BoundedStream final : public httplib::Stream {
 public:
  BoundedStream(int socket, const StreamBounds& bounds)
      : socket_(socket), bounds_(bounds), unread_bytes_(bounds.max_read_bytes) {}

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* to, size_t size) override;
  ssize_t write(const char* from, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

 private:
  bool WaitFor(short events, absl::Time deadline) const;

  const int socket_;
  const StreamBounds bounds_;
  size_t unread_bytes_;
  absl::Time write_deadline_ = absl::InfiniteFuture();
  // The library reads byte by byte; one system call a byte would cost more than the answer.
  std::string buffered_;
  size_t taken_ = 0;
};

bool BoundedStream::WaitFor(short events, absl::Time deadline) const {
  while (true) {
    const absl::Duration left = deadline - absl::Now();
    if (left <= absl::ZeroDuration()) return false;
    const int64_t ms = std::min<int64_t>(absl::ToInt64Milliseconds(left) + 1, 60'000);
    pollfd waited{socket_, events, 0};
    const int ready = ::poll(&waited, 1, static_cast<int>(ms));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

bool BoundedStream::is_readable() const {
  return taken_ < buffered_.size() || WaitFor(POLLIN, bounds_.read_deadline);
}

bool BoundedStream::is_writable() const {
  return WaitFor(POLLOUT, std::min(write_deadline_, absl::Now() + bounds_.write_timeout));
}

ssize_t BoundedStream::read(char* to, size_t size) {
  if (taken_ == buffered_.size()) {
    if (unread_bytes_ == 0 || !WaitFor(POLLIN, bounds_.read_deadline)) return -1;
    buffered_.resize(std::min<size_t>(unread_bytes_, 4096));
    taken_ = 0;
    const ssize_t received = ::recv(socket_, buffered_.data(), buffered_.size(), MSG_DONTWAIT);
    buffered_.resize(received > 0 ? static_cast<size_t>(received) : 0);
    if (received <= 0) return received;
    unread_bytes_ -= buffered_.size();
  }
  const size_t given = std::min(size, buffered_.size() - taken_);
  std::copy_n(buffered_.data() + taken_, given, to);
  taken_ += given;
  return static_cast<ssize_t>(given);
}

ssize_t BoundedStream::write(const char* from, size_t size) {
  if (write_deadline_ == absl::InfiniteFuture())
    write_deadline_ = absl::Now() + bounds_.write_timeout;
  while (WaitFor(POLLOUT, write_deadline_)) {
    const ssize_t sent = ::send(socket_, from, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) return sent;
    if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) return -1;
  }
  return -1;
}

void BoundedStream::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip.clear();  // visitors' addresses are neither used nor logged
  port = 0;
}

void BoundedStream::get_local_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

}  // namespace

std::unique_ptr<httplib::Stream> MakeBoundedStream(int socket, const StreamBounds& bounds) {
  return std::make_unique<BoundedStream>(socket, bounds);
}

}  // namespace modelwatch::common
