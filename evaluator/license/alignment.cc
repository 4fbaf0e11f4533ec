// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/alignment.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

namespace modelwatch::evaluator {
namespace {

constexpr size_t kSeed = SeedIndex::kSeedWords;
constexpr size_t kMaxPlaces = 8;
// Of the pattern's seeds, this many vote on its place; more do not change the outcome.
constexpr size_t kVoters = 48;

uint64_t SeedHash(const WordId* gram) {
  uint64_t hash = gram[0] + 1ULL;
  for (size_t i = 1; i < kSeed; ++i) hash = hash * 0x9E3779B97F4A7C15ULL + gram[i];
  hash *= 0xD6E8FEB86659FD93ULL;
  return hash ^ hash >> 32;
}

// How far the text's words may stand from where the pattern has them: room for what was put in.
ptrdiff_t Slack(std::span<const WordId> pattern) {
  return static_cast<ptrdiff_t>(pattern.size() / 4 + 24);
}

bool IsSeedAt(const WordId* gram, const WordId* words) {
  static_assert(kSeed == 3);
  return gram[0] == words[0] && gram[1] == words[1] && gram[2] == words[2];
}

// The offset (place in text - place in pattern) in the middle of the densest range of votes.
std::optional<ptrdiff_t> BestOffset(std::span<const WordId> pattern, const SeedIndex& text) {
  const size_t count = pattern.size() - kSeed + 1;
  const size_t step = std::max<size_t>(1, count / kVoters);
  std::array<uint32_t, kMaxPlaces> places;
  std::vector<int32_t> votes;  // a text and a pattern have less than 2^20 words
  votes.reserve(count / step * 2);
  for (size_t i = 0; i < count; i += step) {
    const size_t found = text.Find(&pattern[i], places);
    for (size_t k = 0; k < found; ++k) {
      votes.push_back(static_cast<int32_t>(places[k]) - static_cast<int32_t>(i));
    }
  }
  if (votes.empty()) return std::nullopt;
  std::sort(votes.begin(), votes.end());
  const auto range = static_cast<int32_t>(Slack(pattern));
  size_t best = 0, best_begin = 0, begin = 0;
  for (size_t end = 1; end <= votes.size(); ++end) {
    while (votes[end - 1] - votes[begin] > range) ++begin;
    if (end - begin > best) {
      best = end - begin;
      best_begin = begin;
    }
  }
  return votes[best_begin + best / 2];
}

// Within a run this long the pattern stands nowhere else: the walk goes on at its end.
constexpr size_t kCertain = 12;
// Neighbouring runs may share a few words at their ends ("of the | of the"): they are trimmed.
constexpr size_t kMaxShared = 6;

// All maximal runs near the offset, by their place in the pattern.
std::vector<Run> RunsNear(std::span<const WordId> pattern, const SeedIndex& text,
                          ptrdiff_t offset) {
  const auto words = text.words();
  const ptrdiff_t slack = Slack(pattern);
  std::array<uint32_t, kMaxPlaces> places;
  std::vector<Run> runs;
  // By offset, the place in the pattern up to which a run there is known.
  std::vector<uint32_t> known(static_cast<size_t>(2 * slack + 1), 0);
  size_t longest = 0;
  for (size_t i = 0; i + kSeed <= pattern.size(); i += longest >= kCertain ? longest - kSeed : 1) {
    longest = 0;
    const size_t found = text.Find(&pattern[i], places);
    for (size_t k = 0; k < found; ++k) {
      const ptrdiff_t apart =
          static_cast<ptrdiff_t>(places[k]) - static_cast<ptrdiff_t>(i) - offset;
      if (apart < -slack || apart > slack) continue;
      uint32_t& until = known[static_cast<size_t>(apart + slack)];
      if (until > i) continue;
      const WordId* const there = &words[places[k]];
      const size_t most = std::min(pattern.size() - i, words.size() - places[k]);
      size_t length = kSeed;
      while (length < most && pattern[i + length] == there[length]) ++length;
      until = static_cast<uint32_t>(i + length - kSeed + 1);
      runs.push_back({i, places[k], length});
      longest = std::max(longest, length);
    }
  }
  return runs;
}

// For a place in the text, the best chain that ends before it (Fenwick tree of maxima).
class BestEnds {
 public:
  explicit BestEnds(size_t size) : tree_(size + 1) {}

  struct Best {
    size_t words = 0;
    uint32_t run = UINT32_MAX;
  };
  [[nodiscard]] Best Before(size_t end) const {
    Best best;
    for (size_t at = std::min(end + 1, tree_.size() - 1); at > 0; at -= at & (~at + 1)) {
      if (tree_[at].words > best.words) best = tree_[at];
    }
    return best;
  }
  void Add(size_t end, Best best) {
    for (size_t at = end + 1; at < tree_.size(); at += at & (~at + 1)) {
      if (best.words > tree_[at].words) tree_[at] = best;
    }
  }

 private:
  std::vector<Best> tree_;
};

// Every run ends behind the one before it, and begins behind its end but for what may be shared.
bool IsChain(const std::vector<Run>& runs) {
  for (size_t i = 1; i < runs.size(); ++i) {
    const Run &before = runs[i - 1], &run = runs[i];
    const size_t pattern_end = before.in_pattern + before.length;
    const size_t text_end = before.in_text + before.length;
    if (pattern_end > run.in_pattern + kMaxShared || text_end > run.in_text + kMaxShared ||
        pattern_end >= run.in_pattern + run.length || text_end >= run.in_text + run.length) {
      return false;
    }
  }
  return true;
}

// The chain of runs, ascending on both sides, that has the most words.
std::vector<Run> HeaviestChain(const std::vector<Run>& runs) {
  if (IsChain(runs)) return runs;
  size_t first = SIZE_MAX, last = 0;
  for (const Run& run : runs) {
    first = std::min(first, run.in_text);
    last = std::max(last, run.in_text + run.length);
  }
  BestEnds ends(last - first + 1);
  std::vector<uint32_t> by_end(runs.size()), before(runs.size(), UINT32_MAX);
  std::vector<size_t> words(runs.size());
  for (uint32_t i = 0; i < runs.size(); ++i) by_end[i] = i;
  std::sort(by_end.begin(), by_end.end(), [&](uint32_t a, uint32_t b) {
    return runs[a].in_pattern + runs[a].length < runs[b].in_pattern + runs[b].length;
  });
  BestEnds::Best best;
  size_t ended = 0;
  for (uint32_t i = 0; i < runs.size(); ++i) {
    const Run& run = runs[i];
    for (; ended < runs.size(); ++ended) {
      const uint32_t other = by_end[ended];
      if (other >= i || runs[other].in_pattern + runs[other].length > run.in_pattern + kMaxShared)
        break;
      ends.Add(runs[other].in_text + runs[other].length - first, {words[other], other});
    }
    const BestEnds::Best previous = ends.Before(run.in_text + kMaxShared - first);
    before[i] = previous.run;
    words[i] = previous.words + run.length;
    if (words[i] > best.words) best = {words[i], i};
  }
  std::vector<Run> chain;
  for (uint32_t i = best.run; i != UINT32_MAX; i = before[i]) chain.push_back(runs[i]);
  std::reverse(chain.begin(), chain.end());
  return chain;
}

// Takes the words that neighbours share from the later one.
std::vector<Run> Trimmed(const std::vector<Run>& chain) {
  std::vector<Run> runs;
  for (Run run : chain) {
    if (!runs.empty()) {
      const size_t pattern_end = runs.back().in_pattern + runs.back().length;
      const size_t text_end = runs.back().in_text + runs.back().length;
      const size_t shared =
          std::max(pattern_end > run.in_pattern ? pattern_end - run.in_pattern : 0,
                   text_end > run.in_text ? text_end - run.in_text : 0);
      if (shared >= run.length) continue;
      run = {run.in_pattern + shared, run.in_text + shared, run.length - shared};
    }
    runs.push_back(run);
  }
  return runs;
}

}  // namespace

SeedIndex::SeedIndex(std::span<const WordId> words) : words_(words) {
  if (words.size() < kSeed) return;
  const size_t count = words.size() - kSeed + 1;
  table_.assign(std::bit_ceil(count * 2), 0);
  next_.assign(count, 0);
  for (size_t i = count; i-- > 0;) {
    uint32_t& head = table_[SeedHash(&words[i]) & (table_.size() - 1)];
    next_[i] = head;
    head = static_cast<uint32_t>(i) + 1;
  }
}

size_t SeedIndex::Find(const WordId* gram, std::span<uint32_t> places) const {
  if (table_.empty()) return 0;
  size_t count = 0, steps = 0;
  for (uint32_t at = table_[SeedHash(gram) & (table_.size() - 1)];
       at != 0 && count < places.size() && steps < 4 * kMaxPlaces; at = next_[at - 1], ++steps) {
    if (IsSeedAt(gram, &words_[at - 1])) places[count++] = at - 1;
  }
  return count;
}

Alignment Align(std::span<const WordId> pattern, const SeedIndex& text) {
  Alignment alignment;
  if (pattern.size() < kSeed) return alignment;
  const auto offset = BestOffset(pattern, text);
  if (!offset) return alignment;
  const std::vector<Run> near = RunsNear(pattern, text, *offset);
  if (near.empty()) return alignment;
  alignment.runs = Trimmed(HeaviestChain(near));
  for (const Run& run : alignment.runs) alignment.matched += run.length;
  const Run& first = alignment.runs.front();
  const Run& last = alignment.runs.back();
  alignment.begin = first.in_text;
  alignment.end = last.in_text + last.length;
  alignment.dice = 2.0 * static_cast<double>(alignment.matched) /
                   static_cast<double>(pattern.size() + alignment.end - alignment.begin);
  return alignment;
}

}  // namespace modelwatch::evaluator
