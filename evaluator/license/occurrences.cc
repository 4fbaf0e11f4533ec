// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/occurrences.h"

#include <algorithm>

#include "evaluator/license/corpus_writer.h"

namespace modelwatch::evaluator {
namespace {

using Words = std::span<const WordId>;

// Look-ups that are under way at once.
constexpr size_t kAhead = 8;

// The number of words that both begin with.
size_t CommonStart(Words a, Words b) {
  const size_t most = std::min(a.size(), b.size());
  return static_cast<size_t>(
      std::mismatch(a.begin(), a.begin() + static_cast<ptrdiff_t>(most), b.begin()).first -
      a.begin());
}

// The last of the patterns in [begin, end) of sorted() that is not after `rest`, plus one; `begin`
// when all are. The third and fourth word of a pattern stand beside it: its own words, which are
// far away in memory, are read only where these four agree.
uint32_t EndOfThoseBefore(const Corpus& corpus, Words rest, uint64_t head, uint32_t begin,
                          uint32_t end) {
  const auto heads = corpus.heads();
  const auto from = heads.begin() + begin, to = heads.begin() + end;
  const auto [first, last] = std::equal_range(from, to, head);
  begin += static_cast<uint32_t>(first - from);
  end -= static_cast<uint32_t>(to - last);
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
  return begin;
}

// The third and fourth word of a pattern, as far as it has them, are those of the text.
bool MayBegin(uint64_t pattern_head, uint64_t head) {
  const uint64_t third = pattern_head >> 32, fourth = pattern_head & UINT32_MAX;
  return (third == 0 || third == head >> 32) && (fourth == 0 || pattern_head == head);
}

PatternId LongestAt(const Corpus& corpus, Words rest) {
  const auto [begin, end] = corpus.PatternsFrom(rest[0], rest[1]);
  if (begin == end) return kNone;
  const uint64_t head = HeadOf(rest);
  for (uint32_t place = EndOfThoseBefore(corpus, rest, head, begin, end); place != 0;
       place = corpus.prefixes()[place - 1]) {
    if (!MayBegin(corpus.heads()[place - 1], head)) continue;
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
    if (i + kAhead + 1 < words.size()) {
      corpus.PrefetchPair(words[i + kAhead], words[i + kAhead + 1]);
      corpus.PrefetchSingle(words[i + kAhead]);
    }
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
