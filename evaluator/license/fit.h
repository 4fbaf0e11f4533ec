// SPDX-License-Identifier: Apache-2.0
// How well one licence fits a text, word by word.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "evaluator/license/corpus.h"
#include "evaluator/license/residue.h"
#include "evaluator/license/tokens.h"

namespace modelwatch::evaluator {

struct Fit {
  uint32_t entry = 0;  // of Corpus::entries()
  std::vector<ResidueHunk> residue;
  size_t matched = 0;         // words in common, in order
  size_t missing = 0;         // words of the licence that are not there and count
  size_t added = 0;           // words of the text that the licence lacks and that count
  double score = 0;           // 2 * matched / (licence + text), neutral words left out
  size_t solid = 0;           // of `matched`, those in runs of five words and more
  double coverage = 0;        // matched / licence, neutral words left out
  size_t begin = 0, end = 0;  // [begin, end) words of the text that the licence spans

  [[nodiscard]] bool is_exact() const { return missing == 0 && added == 0; }
};

// `words` are the ids of `text` in the corpus, unknown words numbered from the end of its
// vocabulary.
[[nodiscard]] Fit FitLicence(const Corpus& corpus, uint32_t entry, std::span<const Token> text,
                             std::span<const WordId> words);

// The licence's own words as tokens, without places in a text.
[[nodiscard]] std::vector<Token> TokensOf(const Corpus& corpus, uint32_t entry);

// Ids for the words of a text; a word outside the corpus gets a number of its own beyond its
// vocabulary, so that it equals itself and nothing in the corpus.
[[nodiscard]] std::vector<WordId> NumberWords(const Corpus& corpus, std::span<const Token> text);

}  // namespace modelwatch::evaluator
