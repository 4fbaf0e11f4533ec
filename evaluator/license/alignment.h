// SPDX-License-Identifier: Apache-2.0
// Where a text holds a pattern in nearly the same words: seeds, and a chain of runs grown from
// them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "evaluator/license/corpus.h"

namespace modelwatch::evaluator {

// The 3-grams of a text and where they stand. Borrows the words, which must outlive this.
class SeedIndex {
 public:
  explicit SeedIndex(std::span<const WordId> words);

  // Places of the gram that begins at `gram`, ascending, at most places.size() of them. Looks at a
  // bounded number of places: a text of one repeated phrase costs no more than another.
  [[nodiscard]] size_t Find(const WordId* gram, std::span<uint32_t> places) const;

  [[nodiscard]] std::span<const WordId> words() const { return words_; }

  static constexpr size_t kSeedWords = 3;

 private:
  std::span<const WordId> words_;
  std::vector<uint32_t> table_;  // first place + 1, by hash
  std::vector<uint32_t> next_;   // next place + 1 of the same hash
};

// Words that pattern and text share in a row.
struct Run {
  size_t in_pattern = 0, in_text = 0, length = 0;
};

struct Alignment {
  std::vector<Run> runs;      // ascending on both sides
  size_t matched = 0;         // words of the pattern that are there, in order
  size_t begin = 0, end = 0;  // [begin, end) words of the text that they span
  // 2 * matched / (pattern + span): 1 when nothing is missing and nothing put in.
  double dice = 0;
};

// The place of the pattern in the text: the offset between them that most seeds agree on, the runs
// of common words near it, and of these the chain that holds the most words. matched is 0 when no
// three words in a row are there. O(n log n) in the pattern's length.
[[nodiscard]] Alignment Align(std::span<const WordId> pattern, const SeedIndex& text);

}  // namespace modelwatch::evaluator
