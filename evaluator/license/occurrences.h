// SPDX-License-Identifier: Apache-2.0
// Where patterns of the corpus stand in a text word for word.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "evaluator/license/corpus.h"

namespace modelwatch::evaluator {

struct Occurrence {
  PatternId pattern = kNone;
  size_t begin = 0, end = 0;  // [begin, end) words of the text
};

// For every place of the text the longest pattern that begins there, ascending, without those that
// lie within an earlier one. The patterns stand sorted by their words, so one binary search a place
// finds it: the nearest pattern before the rest of the text, or one of those that begin that
// pattern. Most places are passed over by their first two words. Rejected: an Aho-Corasick
// automaton, 1.1 million nodes for the same answer.
[[nodiscard]] std::vector<Occurrence> FindOccurrences(const Corpus& corpus,
                                                      std::span<const WordId> words);

}  // namespace modelwatch::evaluator
