// SPDX-License-Identifier: Apache-2.0
// Clauses that gave way to another clause on the same subject: what the new one swallows is no
// gain.
#pragma once

#include <vector>

#include "evaluator/terms/shift_judge.h"

namespace modelwatch::evaluator {

// `grounds` are of whole clauses that went or came. Drops the duty that a ban on its subject, or in
// its place, makes idle, and the clause that came back in other words. Quadratic in the grounds: of
// more than 200 none is dropped.
void DropReplaced(const ClauseText& a, const ClauseText& b, std::vector<Ground>& grounds);

// Whether a ban leaves nothing of what is only asked: a duty, a plea.
[[nodiscard]] bool IsSwallowedByBan(Force force);

}  // namespace modelwatch::evaluator
