// SPDX-License-Identifier: Apache-2.0
// CallGate: lets a server in the same process stop while clients still hold channels to it.
//
// gRPC 1.51 crashes when a call is started on an in-process channel whose server was shut down
// (a socket answers UNAVAILABLE). So in-process clients pass this gate, and the server's owner
// closes it first.
#pragma once

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/mutex.h"

namespace modelwatch::indexer {

// Thread-safe. Shared by the server's owner and its clients, because either may go first.
class CallGate {
 public:
  // One call under way. Made before the call, dropped after it.
  class Pass {
   public:
    explicit Pass(CallGate* gate) : gate_(gate), open_(gate == nullptr || gate->Enter()) {}
    ~Pass() {
      if (gate_ != nullptr && open_) gate_->Leave();
    }
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;

    // False: the gate is closed, the call must not be started.
    [[nodiscard]] bool open() const { return open_; }

   private:
    CallGate* const gate_;
    const bool open_;
  };

  // From now on no call passes.
  void Close() {
    common::MutexLock lock(mutex_);
    closed_ = true;
  }
  // Waits until no call is under way, at most `timeout`.
  void WaitUntilIdle(absl::Duration timeout) {
    const absl::Time deadline = absl::Now() + timeout;
    common::MutexLock lock(mutex_);
    while (calls_ > 0 && absl::Now() < deadline) changed_.WaitFor(mutex_, deadline - absl::Now());
  }

 private:
  bool Enter() {
    common::MutexLock lock(mutex_);
    if (closed_) return false;
    ++calls_;
    return true;
  }
  void Leave() {
    common::MutexLock lock(mutex_);
    --calls_;
    changed_.NotifyAll();
  }

  common::Mutex mutex_;
  common::CondVar changed_;
  int calls_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace modelwatch::indexer
