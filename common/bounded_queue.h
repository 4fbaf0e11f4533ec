// SPDX-License-Identifier: Apache-2.0
// BoundedQueue: how stages on different threads speak to each other.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/mutex.h"

namespace modelwatch::common {

// A first-in first-out queue that holds at most `capacity` items. Close() passes the end along:
// what is inside may still be taken, nothing more may be put. Thread-safe.
template <typename T>
class BoundedQueue {
 public:
  // REQUIRES: capacity > 0.
  explicit BoundedQueue(size_t capacity) : capacity_(capacity) {}
  BoundedQueue(const BoundedQueue&) = delete;
  BoundedQueue& operator=(const BoundedQueue&) = delete;

  // False, and `item` untouched, when the queue is full or closed.
  [[nodiscard]] bool TryPush(T& item) {
    MutexLock lock(mutex_);
    if (closed_ || items_.size() >= capacity_) return false;
    items_.push_back(std::move(item));
    changed_.NotifyAll();
    return true;
  }

  // Waits for room. False when the queue was closed first.
  [[nodiscard]] bool Push(T item) {
    MutexLock lock(mutex_);
    while (!closed_ && items_.size() >= capacity_) changed_.Wait(mutex_);
    if (closed_) return false;
    items_.push_back(std::move(item));
    changed_.NotifyAll();
    return true;
  }

  // Waits for an item up to `timeout`; nothing when it passed, or when closed and empty.
  std::optional<T> Pop(absl::Duration timeout = absl::InfiniteDuration()) {
    std::vector<T> one = PopBatch(1, timeout);
    if (one.empty()) return std::nullopt;
    return std::move(one.front());
  }

  // Waits for the first item up to `timeout`, then takes what is there, at most `max`.
  std::vector<T> PopBatch(size_t max, absl::Duration timeout = absl::InfiniteDuration()) {
    const absl::Time deadline = absl::Now() + timeout;
    MutexLock lock(mutex_);
    while (items_.empty() && !closed_) {
      if (timeout == absl::InfiniteDuration()) {
        changed_.Wait(mutex_);
        continue;
      }
      const absl::Duration left = deadline - absl::Now();
      if (left <= absl::ZeroDuration()) break;
      changed_.WaitFor(mutex_, left);
    }
    std::vector<T> taken;
    while (!items_.empty() && taken.size() < max) {
      taken.push_back(std::move(items_.front()));
      items_.pop_front();
    }
    if (!taken.empty()) changed_.NotifyAll();
    return taken;
  }

  void Close() {
    MutexLock lock(mutex_);
    closed_ = true;
    changed_.NotifyAll();
  }

  [[nodiscard]] size_t size() const {
    MutexLock lock(mutex_);
    return items_.size();
  }

  [[nodiscard]] bool closed() const {
    MutexLock lock(mutex_);
    return closed_;
  }

 private:
  const size_t capacity_;
  mutable Mutex mutex_;
  CondVar changed_;
  std::deque<T> items_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace modelwatch::common
