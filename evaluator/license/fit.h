// SPDX-License-Identifier: Apache-2.0
// How well one pattern fits a stretch of text, word by word.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "evaluator/license/alignment.h"
#include "evaluator/license/corpus.h"
#include "evaluator/license/residue.h"
#include "evaluator/license/tokens.h"

namespace modelwatch::evaluator {

struct Fit {
  PatternId pattern = kNone;
  std::vector<ResidueHunk> residue;  // a = words of the pattern, b = words of the whole text
  size_t matched = 0;                // words in common, in order
  size_t missing = 0;                // words of the pattern that are not there and count
  size_t added = 0;                  // words of the text that the pattern lacks and that count
  size_t weight = 0;                 // of what is missing and added and counts (WeightOf)
  double score = 0;                  // 2 * matched / (pattern + text), neutral words left out
  double coverage = 0;               // matched / pattern, neutral words left out
  size_t begin = 0, end = 0;         // [begin, end) words of the text that the pattern spans

  [[nodiscard]] bool is_exact() const { return missing == 0 && added == 0; }
};

// The words of a text with their places, and the same words as the corpus numbers them.
struct TextWords {
  std::span<const Token> tokens;
  std::span<const WordId> words;
};

// A true diff of the gaps between the alignment's runs, each difference judged (residue.h). What
// stands before the first and after the last run belongs to others and is not looked at.
[[nodiscard]] Fit FitPattern(const Corpus& corpus, PatternId pattern, TextWords text,
                             const Alignment& alignment);

// Ids for the words of a text; a word outside the corpus gets a number beyond its vocabulary, made
// of its hash, so that it equals itself and nothing in the corpus. That two such words never share
// a number is not promised: a text is compared with patterns, not with itself.
[[nodiscard]] std::vector<WordId> NumberWords(const Corpus& corpus, std::span<const Token> text);

}  // namespace modelwatch::evaluator
