// SPDX-License-Identifier: Apache-2.0
// Clock: where the time comes from, so that tests can turn it by hand.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace modelwatch::common {

// Thread-safe, also in its fakes (tests/testing/fake_clock.h).
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual absl::Time Now() const = 0;
};

// The machine's clock. Lives for ever.
[[nodiscard]] const Clock& SystemClock();

// Times on disk, on the wire and in JSON are microseconds since the Unix epoch, UTC; 0 is unknown.
[[nodiscard]] int64_t ToMicros(absl::Time time);
[[nodiscard]] absl::Time FromMicros(int64_t micros);

// RFC 3339 in UTC, e.g. "2026-08-19T09:36:31Z", with a fraction only where there is one; "" for 0.
[[nodiscard]] std::string FormatMicros(int64_t micros);

// Reads RFC 3339 (also a bare date, as midnight UTC). INVALID_ARGUMENT otherwise.
[[nodiscard]] absl::StatusOr<int64_t> ParseMicros(std::string_view text);

}  // namespace modelwatch::common
