// SPDX-License-Identifier: Apache-2.0
// A clock that a test turns by hand. Thread-safe.
#pragma once

#include "absl/time/time.h"
#include "common/clock.h"
#include "common/mutex.h"

namespace modelwatch::testing {

class FakeClock final : public common::Clock {
 public:
  explicit FakeClock(absl::Time now = absl::FromUnixSeconds(1'790'000'000)) : now_(now) {}

  [[nodiscard]] absl::Time Now() const override {
    common::MutexLock lock(mutex_);
    return now_;
  }
  void Advance(absl::Duration by) {
    common::MutexLock lock(mutex_);
    now_ += by;
  }

 private:
  mutable common::Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace modelwatch::testing
