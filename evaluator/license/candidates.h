// SPDX-License-Identifier: Apache-2.0
// Which licences of the corpus a text may be, by the rare words they share: cheap, to be verified.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "evaluator/license/corpus.h"

namespace modelwatch::evaluator {

struct Candidate {
  uint32_t entry = 0;      // of Corpus::entries()
  double likeness = 0;     // shared rarity over both sides' rarity (Dice), 0..1
  double containment = 0;  // shared rarity over the licence's, 0..1
};

// At most `most` of them: the best by likeness and the best by containment, best first. `words` are
// the text's, repeats allowed, kUnknownWord allowed. Cost: the postings of the text's distinct
// words.
[[nodiscard]] std::vector<Candidate> NominateCandidates(const Corpus& corpus,
                                                        std::span<const WordId> words, size_t most);

}  // namespace modelwatch::evaluator
