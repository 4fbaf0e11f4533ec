// SPDX-License-Identifier: Apache-2.0
// What of the corpus stands where in a text: word for word, or nearly so.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "evaluator/license/corpus.h"
#include "evaluator/license/fit.h"

namespace modelwatch::evaluator {

struct Detection {
  PatternId pattern = kNone;
  size_t begin = 0, end = 0;  // [begin, end) words of the text
  size_t matched = 0;         // words of the pattern that are there
  double likeness = 0;        // 1: word for word; else Dice of pattern and span
  bool is_word_for_word = true;
  Fit fit;  // empty when word for word
  // What it stands for when that is not what its pattern stands for; else kNone.
  uint32_t expression = kNone;
  // The next best pattern of another version of the licence over the same words (SameFamily); kNone
  // when none comes near.
  PatternId sibling = kNone;
  double sibling_score = 0;  // Fit.score of it

  // Nothing differs that counts.
  [[nodiscard]] bool is_exact() const { return is_word_for_word || fit.is_exact(); }
};

// What the detection stands for. REQUIRES: its pattern is no false positive.
[[nodiscard]] PatternExpression ExpressionOf(const Corpus& corpus, const Detection& detection);

// True when two corpus keys differ in nothing but version numbers and dates
// ("llama-3.1-license-2024", "llama-3.2-license-2024"; "cc-by-3.0", "cc-by-4.0").
[[nodiscard]] bool SameFamily(std::string_view key, std::string_view other);

// In reading order, overlapping little. Where several patterns fit about as well, the one that
// leaves the least over is taken: that tells siblings apart. Includes false positives and intros,
// which claim their words and mean no licence.
[[nodiscard]] std::vector<Detection> Detect(const Corpus& corpus, TextWords text);

}  // namespace modelwatch::evaluator
