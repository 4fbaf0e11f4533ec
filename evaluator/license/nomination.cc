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

}  // namespace

std::vector<Nominee> NominatePatterns(const Corpus& corpus, std::span<const WordId> words,
                                      std::span<const uint8_t> settled, size_t most) {
  struct Count {
    uint32_t shared = 0;
    uint32_t places = 0;  // their sum, in units that cannot overflow
  };
  // Kept from text to text, all zero between them: a third of a megabyte to clear costs more than a
  // short text.
  thread_local std::vector<Count> counts;
  if (counts.size() < corpus.pattern_count()) counts.resize(corpus.pattern_count());
  std::vector<PatternId> touched;
  absl::flat_hash_set<uint64_t> seen;
  // words^2 >> shift stays within 32 bits.
  const int shift = std::max(0, 2 * static_cast<int>(std::bit_width(words.size())) - 32);
  for (size_t at = 0; at + kPatternGramWords <= words.size(); ++at) {
    if (settled[at] != 0 && settled[at + kPatternGramWords - 1] != 0) continue;
    const uint64_t gram = GramOf(&words[at]);
    if ((gram & 1) != 0) continue;
    const auto patterns = corpus.PatternsWith(gram);
    if (patterns.empty() || !seen.insert(gram).second) continue;
    for (const PatternId pattern : patterns) {
      if (counts[pattern].shared++ == 0) touched.push_back(pattern);
      counts[pattern].places += static_cast<uint32_t>(at >> shift);
    }
  }
  struct Ranked {
    Nominee candidate;
    double worth;
  };
  std::vector<Ranked> all;
  for (const PatternId id : touched) {
    const Pattern pattern = corpus.pattern(id);
    const Count count = std::exchange(counts[id], Count());
    Nominee candidate{id, count.shared, static_cast<double>(count.shared) / pattern.grams,
                      static_cast<size_t>(count.places / count.shared) << shift};
    if (candidate.shared < std::min(kMinShared, pattern.grams) ||
        candidate.containment < kMinContainment) {
      continue;
    }
    all.push_back({candidate, candidate.containment * std::sqrt(pattern.words.size())});
  }
  std::sort(all.begin(), all.end(), [](const Ranked& a, const Ranked& b) {
    return a.worth != b.worth ? a.worth > b.worth : a.candidate.pattern < b.candidate.pattern;
  });
  std::vector<Nominee> best;
  absl::flat_hash_map<uint32_t, uint32_t> of_expression;
  for (const Ranked& ranked : all) {
    if (best.size() >= most) break;
    const uint32_t expression = corpus.pattern(ranked.candidate.pattern).expression;
    if (++of_expression[expression] <= kMaxOfExpression) best.push_back(ranked.candidate);
  }
  return best;
}

}  // namespace modelwatch::evaluator
