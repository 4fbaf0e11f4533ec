// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/occurrences.h"

#include <algorithm>

namespace modelwatch::evaluator {
namespace {

using Words = std::span<const WordId>;

// The number of words that both begin with.
size_t CommonStart(Words a, Words b) {
  const size_t most = std::min(a.size(), b.size());
  return static_cast<size_t>(
      std::mismatch(a.begin(), a.begin() + static_cast<ptrdiff_t>(most), b.begin()).first -
      a.begin());
}

PatternId LongestAt(const Corpus& corpus, Words rest) {
  auto [begin, end] = corpus.PatternsFrom(rest[0], rest[1]);
  // The last pattern that is not after `rest`.
  while (begin < end) {
    const uint32_t middle = begin + (end - begin) / 2;
    const Words words = corpus.words_of(corpus.sorted()[middle]);
    const size_t common = CommonStart(words, rest);
    const bool is_after =
        common < words.size() && (common == rest.size() || words[common] > rest[common]);
    if (is_after) {
      end = middle;
    } else {
      begin = middle + 1;
    }
  }
  if (begin == 0) return kNone;
  for (uint32_t place = begin; place != 0; place = corpus.prefixes()[place - 1]) {
    const PatternId pattern = corpus.sorted()[place - 1];
    const Words words = corpus.words_of(pattern);
    if (words.size() <= rest.size() && CommonStart(words, rest) == words.size()) return pattern;
  }
  return kNone;
}

}  // namespace

std::vector<Occurrence> FindOccurrences(const Corpus& corpus, std::span<const WordId> words) {
  std::vector<Occurrence> found;
  size_t covered = 0;
  for (size_t i = 0; i < words.size(); ++i) {
    PatternId pattern = i + 1 < words.size() ? LongestAt(corpus, words.subspan(i)) : kNone;
    if (pattern == kNone) pattern = corpus.PatternOf(words[i]);
    if (pattern == kNone) continue;
    const size_t end = i + corpus.words_of(pattern).size();
    if (end <= covered) continue;
    covered = end;
    found.push_back({pattern, i, end});
  }
  return found;
}

}  // namespace modelwatch::evaluator
