// SPDX-License-Identifier: Apache-2.0
// Backoff: how long to wait before trying again.
#pragma once

#include <cstdint>
#include <random>

#include "absl/time/time.h"

namespace modelwatch::common {

// Doubles from `base` at every failure up to `cap`, and spreads each wait over [1 - jitter, 1 +
// jitter] of itself, so that many who failed together do not come back together. Not thread-safe.
class Backoff {
 public:
  // REQUIRES: base > 0, cap >= base, 0 <= jitter < 1.
  Backoff(absl::Duration base, absl::Duration cap, double jitter, uint64_t seed)
      : base_(base), cap_(cap), jitter_(jitter), random_(seed) {}

  // The wait after `failures` failures in a row; 1 or more.
  [[nodiscard]] absl::Duration After(int failures) {
    absl::Duration wait = base_;
    for (int i = 1; i < failures && wait < cap_; ++i) wait *= 2;
    if (wait > cap_) wait = cap_;
    return wait * std::uniform_real_distribution<double>(1 - jitter_, 1 + jitter_)(random_);
  }

 private:
  const absl::Duration base_;
  const absl::Duration cap_;
  const double jitter_;
  std::mt19937_64 random_;
};

}  // namespace modelwatch::common
