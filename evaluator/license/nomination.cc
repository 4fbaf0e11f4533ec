// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/nomination.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"

namespace modelwatch::evaluator {
namespace {

// Below these a candidate is not worth a comparison.
constexpr double kMinContainment = 0.3;
constexpr uint32_t kMinShared = 2;
// A licence of many variants has this many chances.
constexpr uint32_t kMaxOfExpression = 10;
// Look-ups that are under way at once: each waits for memory.
constexpr size_t kAhead = 16;

// A gram of the text that the index may have, and where it stands.
struct Sample {
  uint64_t gram = 0;
  size_t at = 0;
};

std::vector<Sample> SamplesOf(std::span<const WordId> words, std::span<const uint8_t> settled) {
  std::vector<Sample> samples;
  samples.reserve(words.size() / 2 + 16);
  for (size_t at = 0; at + kPatternGramWords <= words.size(); ++at) {
    if (settled[at] != 0 && settled[at + kPatternGramWords - 1] != 0) continue;
    const uint64_t gram = GramOf(&words[at]);
    if ((gram & 1) == 0) samples.push_back({gram, at});
  }
  return samples;
}

struct Count {
  PatternId pattern = kNone;
  uint32_t shared = 0;
  size_t place = 0;
};
using Counts = std::vector<Count>;

// Every pattern that shares a sampled gram with the text, each gram counted once.
//
// The innermost loop runs a hundred times a word of a text, as common grams have hundreds of
// patterns: a counter is one number, how many times 2^32 plus the sum of their places, and
// whether a pattern is new is told without a branch.
Counts CountShared(const Corpus& corpus, std::span<const WordId> words,
                   std::span<const uint8_t> settled) {
  // Kept from text to text, all zero between them: a third of a megabyte to clear costs more than a
  // short text.
  thread_local std::vector<uint64_t> counts;
  thread_local std::vector<PatternId> touched;
  if (counts.size() < corpus.pattern_count()) {
    counts.resize(corpus.pattern_count());
    touched.resize(corpus.pattern_count() + 1);
  }
  uint64_t* const count_of = counts.data();
  size_t touched_count = 0;
  // words^2 >> shift stays within 32 bits.
  const int shift = std::max(0, 2 * static_cast<int>(std::bit_width(words.size())) - 32);
  const std::vector<Sample> samples = SamplesOf(words, settled);
  absl::flat_hash_set<uint64_t> seen;
  seen.reserve(samples.size());
  for (size_t i = 0; i < samples.size(); ++i) {
    if (i + 2 * kAhead < samples.size()) corpus.PrefetchGram(samples[i + 2 * kAhead].gram);
    if (i + kAhead < samples.size()) corpus.PrefetchPatternsWith(samples[i + kAhead].gram);
    const auto patterns = corpus.PatternsWith(samples[i].gram);
    if (patterns.empty() || !seen.insert(samples[i].gram).second) continue;
    const uint64_t one = (uint64_t{1} << 32) + (samples[i].at >> shift);
    for (const PatternId pattern : patterns) {
      touched[touched_count] = pattern;
      touched_count += count_of[pattern] == 0;
      count_of[pattern] += one;
    }
  }
  Counts all;
  all.reserve(touched_count);
  for (const PatternId id : std::span(touched).first(touched_count)) {
    const uint64_t count = std::exchange(count_of[id], 0);
    const auto shared = static_cast<uint32_t>(count >> 32);
    all.push_back(
        {id, shared, static_cast<size_t>(static_cast<uint32_t>(count) / shared) << shift});
  }
  return all;
}

double ContainmentOf(const Count& count, uint32_t grams) {
  return static_cast<double>(count.shared) / grams;
}

}  // namespace

std::vector<Nominee> NominatePatterns(const Corpus& corpus, std::span<const WordId> words,
                                      std::span<const uint8_t> settled, size_t most) {
  const Counts counts = CountShared(corpus, words, settled);
  struct Ranked {
    double worth;
    PatternId pattern;
    uint32_t place;  // in counts
  };
  std::vector<Ranked> all;
  for (uint32_t i = 0; i < counts.size(); ++i) {
    if (i + kAhead < counts.size()) corpus.PrefetchPattern(counts[i + kAhead].pattern);
    const PatternId pattern = counts[i].pattern;
    const uint32_t grams = corpus.grams_of(pattern);
    const double containment = ContainmentOf(counts[i], grams);
    if (counts[i].shared < std::min(kMinShared, grams) || containment < kMinContainment) continue;
    all.push_back({containment * std::sqrt(corpus.words_of(pattern).size()), pattern, i});
  }
  // A heap, as few of thousands are wanted.
  const auto is_worse = [](const Ranked& a, const Ranked& b) {
    return a.worth != b.worth ? a.worth < b.worth : a.pattern > b.pattern;
  };
  std::make_heap(all.begin(), all.end(), is_worse);
  std::vector<Nominee> best;
  absl::flat_hash_map<uint32_t, uint32_t> of_expression;
  while (!all.empty() && best.size() < most) {
    std::pop_heap(all.begin(), all.end(), is_worse);
    const Ranked ranked = all.back();
    all.pop_back();
    if (++of_expression[corpus.pattern(ranked.pattern).expression] > kMaxOfExpression) continue;
    const Count& count = counts[ranked.place];
    const double containment = ContainmentOf(count, corpus.grams_of(ranked.pattern));
    best.push_back({ranked.pattern, count.shared, containment, count.place});
  }
  return best;
}

}  // namespace modelwatch::evaluator
