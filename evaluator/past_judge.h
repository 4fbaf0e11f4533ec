// SPDX-License-Identifier: Apache-2.0
// What a release was before it was first seen, judged when somebody asks (docs/decisions/0022).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "indexer/client/index.h"
#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/change.pb.h"

namespace modelwatch::evaluator {

class Corpus;

// See ChangeJudge::JudgePast, which this asks: one judgement for past and present. `corpus` may be
// null: then what cards declare is judged, and no text. Errors: the index's.
[[nodiscard]] absl::StatusOr<std::vector<v1::Assessment>> JudgePast(
    indexer::Reader& reader, const Corpus* corpus, const v1::ReleaseKey& key,
    const std::string& name, std::span<const v1::PastVersion> past);

}  // namespace modelwatch::evaluator
