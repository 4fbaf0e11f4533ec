// SPDX-License-Identifier: Apache-2.0
// What stands in a text, as the licences it means.
#pragma once

#include <span>
#include <vector>

#include "evaluator/license/corpus.h"
#include "evaluator/license/detection.h"
#include "evaluator/license/tokens.h"
#include "modelwatch/v1/assessment.pb.h"

namespace modelwatch::evaluator {

// Leaves the detections that count, in reading order: without false positives, intros that a
// licence follows, weak hits in text that is no licence matter, and what a nearby better hit says
// already.
void KeepTelling(const Corpus& corpus, std::span<const Token> tokens,
                 std::vector<Detection>& detections);

// One match a licence of the detection's expression.
[[nodiscard]] std::vector<v1::LicenceMatch> MatchesOf(const Corpus& corpus,
                                                      const Detection& detection,
                                                      std::span<const Token> tokens);

}  // namespace modelwatch::evaluator
