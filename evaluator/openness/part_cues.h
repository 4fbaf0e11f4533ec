// SPDX-License-Identifier: Apache-2.0
// The cues of openness.textproto, compiled: which parts a path or a line of a card shows.
#pragma once

#include <string_view>
#include <vector>

#include "modelwatch/v1/openness.pb.h"

namespace modelwatch::evaluator {

// The rows of `kind` whose pattern stands in `text`, lower case, and whose `unless` does not. Pure,
// any number of threads; linear in the text (RE2).
[[nodiscard]] std::vector<const v1::PartCue*> CuesIn(v1::CueKind kind, std::string_view text);

}  // namespace modelwatch::evaluator
