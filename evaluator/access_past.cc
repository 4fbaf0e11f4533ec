// SPDX-License-Identifier: Apache-2.0
#include "evaluator/access_past.h"

#include <algorithm>

namespace modelwatch::evaluator {
namespace {

int DistanceOf(const v1::Access& access) {
  constexpr int kOutOfReach = 3;
  if (access.presence() != v1::PRESENT || access.is_private()) return kOutOfReach;
  return access.gate() == v1::MANUAL ? 2 : access.gate() == v1::AUTO ? 1 : 0;
}

}  // namespace

bool IsAccessLost(const v1::Access& then, const v1::Access& now) {
  return DistanceOf(now) > DistanceOf(then);
}

uint32_t CountAccessLosses(const v1::GetHistoryResponse& history, int64_t since_us) {
  uint32_t losses = 0;
  for (int i = 0; i + 1 < history.rows_size(); ++i) {
    const v1::Observation& now = history.rows(i).version().observation();
    const v1::Observation& then = history.rows(i + 1).version().observation();
    if (now.observed_at_us() >= since_us && IsAccessLost(then.access(), now.access())) ++losses;
  }
  return losses;
}

bool IsFlappingTold(const v1::GetHistoryResponse& history, int64_t since_us) {
  return std::any_of(history.alerts().begin(), history.alerts().end(),
                     [since_us](const v1::Alert& alert) {
                       return alert.times() > 0 && alert.observed_at_us() >= since_us;
                     });
}

}  // namespace modelwatch::evaluator
