// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/candidates.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"

namespace modelwatch::evaluator {
namespace {

// Below these a candidate is not worth a word by word comparison.
constexpr double kMinLikeness = 0.25;
constexpr double kMinContainment = 0.6;
// A licence of a handful of words is contained in many texts by chance.
constexpr double kMinWeight = 12;

}  // namespace

std::vector<Candidate> NominateCandidates(const Corpus& corpus, std::span<const WordId> words,
                                          size_t most) {
  std::vector<float> shared(corpus.entries().size(), 0);
  std::vector<uint32_t> touched;
  absl::flat_hash_set<WordId> seen;
  double weight = 0;
  for (const WordId word : words) {
    if (word == kUnknownWord || !seen.insert(word).second) continue;
    const auto entries = corpus.EntriesWith(word);
    if (entries.empty()) continue;
    const auto rarity = static_cast<float>(corpus.Rarity(word));
    weight += rarity;
    for (const uint32_t entry : entries) {
      if (shared[entry] == 0) touched.push_back(entry);
      shared[entry] += rarity;
    }
  }
  std::vector<Candidate> all;
  for (const uint32_t entry : touched) {
    const double own = corpus.entries()[entry].weight;
    Candidate candidate;
    candidate.entry = entry;
    candidate.likeness = 2 * shared[entry] / (own + weight);
    candidate.containment = own < kMinWeight ? 0 : shared[entry] / own;
    if (candidate.likeness >= kMinLikeness || candidate.containment >= kMinContainment) {
      all.push_back(candidate);
    }
  }
  const auto by_likeness = [](const Candidate& a, const Candidate& b) {
    return a.likeness != b.likeness ? a.likeness > b.likeness : a.entry < b.entry;
  };
  // Containment alone favours short licences: weigh it by what they hold.
  const auto by_containment = [&](const Candidate& a, const Candidate& b) {
    const double of_a = a.containment * a.containment * corpus.entries()[a.entry].weight;
    const double of_b = b.containment * b.containment * corpus.entries()[b.entry].weight;
    return of_a != of_b ? of_a > of_b : a.entry < b.entry;
  };
  std::sort(all.begin(), all.end(), by_likeness);
  std::vector<Candidate> best(
      all.begin(), all.begin() + static_cast<ptrdiff_t>(std::min(all.size(), (most + 1) / 2)));
  std::sort(all.begin(), all.end(), by_containment);
  for (const Candidate& candidate : all) {
    if (best.size() >= most) break;
    const bool is_new = std::none_of(best.begin(), best.end(), [&](const Candidate& other) {
      return other.entry == candidate.entry;
    });
    if (is_new && candidate.containment >= kMinContainment) best.push_back(candidate);
  }
  return best;
}

}  // namespace modelwatch::evaluator
