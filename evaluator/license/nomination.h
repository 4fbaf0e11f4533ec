// SPDX-License-Identifier: Apache-2.0
// Which patterns of the corpus a text may hold in other words, by the sampled grams they share:
// cheap, to be verified.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "evaluator/license/corpus.h"

namespace modelwatch::evaluator {

struct Nominee {
  PatternId pattern = kNone;
  uint32_t shared = 0;     // sampled grams of the pattern that the text has
  double containment = 0;  // of all its sampled grams, 0..1
  size_t place = 0;        // word of the text in the middle of them
};

// At most `most` of them, the most promising first: containment, and a preference for the longer.
// At most a handful of one expression, so that a licence with a hundred variants leaves room for
// the others of the file. kUnknownWord and numbers beyond the vocabulary are allowed in `words`.
// Words that are `settled` (one byte a word, not 0) nominate nobody.
[[nodiscard]] std::vector<Nominee> NominatePatterns(const Corpus& corpus,
                                                    std::span<const WordId> words,
                                                    std::span<const uint8_t> settled, size_t most);

}  // namespace modelwatch::evaluator
