// SPDX-License-Identifier: Apache-2.0
#include "common/clock.h"

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

namespace modelwatch::common {
namespace {

class MachineClock final : public Clock {
 public:
  [[nodiscard]] absl::Time Now() const override { return absl::Now(); }
};

}  // namespace

const Clock& SystemClock() {
  static const MachineClock* const clock = new MachineClock;
  return *clock;
}

int64_t ToMicros(absl::Time time) { return absl::ToUnixMicros(time); }
absl::Time FromMicros(int64_t micros) { return absl::FromUnixMicros(micros); }

std::string FormatMicros(int64_t micros) {
  if (micros == 0) return "";
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", FromMicros(micros), absl::UTCTimeZone());
}

absl::StatusOr<int64_t> ParseMicros(std::string_view text) {
  absl::Time time;
  std::string why;
  const std::string owned(text);
  const bool is_time = absl::ParseTime(absl::RFC3339_full, owned, &time, &why) ||
                       absl::ParseTime("%Y-%m-%d", owned, &time, &why);
  // absl also reads "infinite-future", which is no time here.
  if (is_time && time != absl::InfiniteFuture() && time != absl::InfinitePast()) {
    return ToMicros(time);
  }
  return absl::InvalidArgumentError(
      absl::StrFormat("'%s' is not a time (use 2026-08-19 or 2026-08-19T09:36:31Z)", owned));
}

}  // namespace modelwatch::common
