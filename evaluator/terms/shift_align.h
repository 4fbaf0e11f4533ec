// SPDX-License-Identifier: Apache-2.0
// Which clauses of two texts are the same, wherever they stand, and what differs in the others.
#pragma once

#include <cstdint>
#include <vector>

#include "evaluator/terms/shift_units.h"

namespace modelwatch::evaluator {

// Words that differ inside a clause that both texts have; [begin, end) of ClauseText::words, each
// within one clause; one side may be empty.
struct WordChange {
  size_t a_begin = 0, a_end = 0;
  size_t b_begin = 0, b_end = 0;
};

// A clause that both texts have, in other words.
struct ChangedPair {
  uint32_t a = 0, b = 0;  // units
  std::vector<WordChange> changes;
  std::vector<std::pair<size_t, size_t>> kept;  // words that both have, ascending on both sides
};

struct ClauseAlignment {
  std::vector<ChangedPair> pairs;
  std::vector<uint32_t> gone;   // units of a that b has nothing of, ascending
  std::vector<uint32_t> added;  // units of b that a has nothing of, ascending
  double score = 1;             // share of all words that both have
  double contained = 1;         // share of the shorter text's words that the longer has
};

// Equal clauses first, also when they moved; then the words of the rest, then moved clauses with
// other words. O(words) but for DiffSequences, which has its own bound.
[[nodiscard]] ClauseAlignment AlignClauses(const ClauseText& a, const ClauseText& b);

}  // namespace modelwatch::evaluator
