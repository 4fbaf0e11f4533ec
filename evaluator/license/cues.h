// SPDX-License-Identifier: Apache-2.0
// Words that say what a licence is doing in a text and what it covers: "at your option", "this
// product includes", "model weights". English and Chinese. The list is in cues.cc, as data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "evaluator/license/tokens.h"

namespace modelwatch::evaluator {

enum class CueKind : uint8_t {
  kChoice,         // the licences around it are alternatives
  kThirdParty,     // what follows is of parts that others own
  kFutureLicence,  // what follows applies later
  kModelTerms,     // in a licence's definitions: it is about a model
  kCode,           // what is covered
  kWeights,
  kData,
  kOutputs,
};

// A cue in a text.
struct Cue {
  CueKind kind;
  size_t begin = 0, end = 0;  // [begin, end) tokens
  // Denied ("not dual licensed"), or about versions of one licence ("or, at your option, any later
  // version"): no choice.
  bool is_void = false;
};

// Cues in [begin, end) of a text, in reading order; of overlapping ones the longest. Linear.
[[nodiscard]] std::vector<Cue> FindCues(const std::vector<Token>& tokens, size_t begin, size_t end);

}  // namespace modelwatch::evaluator
