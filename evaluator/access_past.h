// SPDX-License-Identifier: Apache-2.0
// How often a release lost its access lately: what tells a release that comes and goes.
#pragma once

#include <cstdint>

#include "modelwatch/v1/observation.pb.h"
#include "modelwatch/v1/read.pb.h"

namespace modelwatch::evaluator {

// Whether fewer can reach it now: removed, disabled, private, or behind a higher gate.
[[nodiscard]] bool IsAccessLost(const v1::Access& then, const v1::Access& now);

// Losses among the versions of `history` (newest first, as GetHistory answers) that were seen at or
// after `since_us` of hub time. The oldest version of the answer is no loss: nothing is known of
// what was before it.
[[nodiscard]] uint32_t CountAccessLosses(const v1::GetHistoryResponse& history, int64_t since_us);

// Whether an alert of `history` told since then that the release comes and goes.
[[nodiscard]] bool IsFlappingTold(const v1::GetHistoryResponse& history, int64_t since_us);

}  // namespace modelwatch::evaluator
