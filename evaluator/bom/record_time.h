// SPDX-License-Identifier: Apache-2.0
// Times of a BOM, which come from the record.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "modelwatch/v1/read.pb.h"

namespace modelwatch::evaluator {

// When what the BOM says was written down: of the version, or of its judgement.
[[nodiscard]] inline int64_t RecordedAt(const v1::GetReleaseResponse& release) {
  return std::max(release.version().recorded_at_us(), release.assessment().recorded_at_us());
}

// "2026-11-30T12:00:00Z": whole seconds, as SPDX asks. Before 1970 and after 9999 it is cut.
[[nodiscard]] inline std::string SecondsOf(int64_t micros) {
  constexpr int64_t kEndOf9999 = 253'402'300'799'000'000;
  const int64_t cut = std::clamp<int64_t>(micros, 0, kEndOf9999);
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixMicros(cut), absl::UTCTimeZone());
}

}  // namespace modelwatch::evaluator
