// SPDX-License-Identifier: Apache-2.0
// Terms as points of a lattice: an interval of 0 free, 1 duty, 2 needs a licence, 3 prohibited for
// every scenario. Comparing, joining and meeting are done scenario by scenario; nothing is scored.
#pragma once

#include <string_view>

#include "modelwatch/v1/assessment.pb.h"

namespace modelwatch::evaluator {

inline constexpr uint32_t kFree = 0;
inline constexpr uint32_t kDuty = 1;
inline constexpr uint32_t kNeedsLicence = 2;
inline constexpr uint32_t kProhibited = 3;

// Both apply: the worse outcome of each scenario, with the reasons of the side that is worse.
[[nodiscard]] v1::Terms Join(const v1::Terms& left, const v1::Terms& right);
// Either may be chosen: the better outcome of each scenario.
[[nodiscard]] v1::Terms Meet(const v1::Terms& left, const v1::Terms& right);

// Direction, lost and gained: lost when low(now) > high(then), gained the reverse. TIGHTER = some
// lost, none gained; LOOSER the reverse; MIXED both; SAME when every interval is equal; else
// UNCLEAR. Leaves kind, versions and licences unset.
[[nodiscard]] v1::Shift CompareTerms(const v1::Terms& then, const v1::Terms& now);

// Null when the scenario is not in the terms.
[[nodiscard]] const v1::Outcome* FindOutcome(const v1::Terms& terms, std::string_view scenario);

}  // namespace modelwatch::evaluator
