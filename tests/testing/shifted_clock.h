// SPDX-License-Identifier: Apache-2.0
// The machine's clock, set ahead by hand: time goes on by itself, and what is due in hours is due
// now.
#pragma once

#include <atomic>
#include <cstdint>

#include "absl/time/time.h"
#include "common/clock.h"

namespace modelwatch::testing {

// Thread-safe.
class ShiftedClock final : public common::Clock {
 public:
  [[nodiscard]] absl::Time Now() const override {
    return common::SystemClock().Now() + absl::Seconds(shift_seconds_.load());
  }
  void Advance(absl::Duration by) { shift_seconds_ += absl::ToInt64Seconds(by); }

 private:
  std::atomic<int64_t> shift_seconds_{0};
};

}  // namespace modelwatch::testing
