// SPDX-License-Identifier: Apache-2.0
// Diff: what differs between two successive observations of a release. Pure, and free of judgement:
// whether a difference is tighter is for the evaluator to say.
#pragma once

#include <vector>

#include "modelwatch/v1/change.pb.h"

namespace modelwatch::indexer {

// Ascending, without repeats. REQUIRES: the observations have different digests; then never empty.
// README.md is the card, every other file counts as licence-like. A move of dates alone, without a
// new commit, is a REVISION.
[[nodiscard]] std::vector<v1::ChangeKind> Diff(const v1::Observation& before,
                                               const v1::Observation& after);

// A hub says nothing of what a removed or disabled release holds. When `after` is such an
// observation and names neither revision, files nor anything declared, it is given those of
// `before`, so that a removal is a change of access alone and so is the return.
void CarryContentOver(const v1::Observation& before, v1::Observation& after);

}  // namespace modelwatch::indexer
