// SPDX-License-Identifier: Apache-2.0
// Stopper: one request to stop, seen by everyone who waits.
#pragma once

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/mutex.h"

namespace modelwatch::common {

// Every loop that may wait holds a reference to one of these and waits through it, so that a stop
// is noticed at once. Stopping cannot be undone. Thread-safe.
class Stopper {
 public:
  Stopper() = default;
  Stopper(const Stopper&) = delete;
  Stopper& operator=(const Stopper&) = delete;

  void Stop() {
    MutexLock lock(mutex_);
    stopped_ = true;
    changed_.NotifyAll();
  }

  [[nodiscard]] bool stopped() const {
    MutexLock lock(mutex_);
    return stopped_;
  }

  // Waits for `timeout` or a stop, whichever is first; true when stopped.
  bool WaitFor(absl::Duration timeout) const {
    const absl::Time deadline = absl::Now() + timeout;
    MutexLock lock(mutex_);
    while (!stopped_) {
      const absl::Duration left = deadline - absl::Now();
      if (left <= absl::ZeroDuration()) return false;
      changed_.WaitFor(mutex_, left);
    }
    return true;
  }

 private:
  mutable Mutex mutex_;
  mutable CondVar changed_;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace modelwatch::common
