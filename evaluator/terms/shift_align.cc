// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/shift_align.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "evaluator/license/text_diff.h"

namespace modelwatch::evaluator {
namespace {

// A clause of which less than this is found on the other side is another clause.
constexpr double kSameClause = 0.5;
// Unless so much of it, and so many words, make up a clause of the other side.
constexpr double kCutClause = 0.8;
constexpr size_t kMinCut = 4;
// A moved clause is looked for among those that share a word which no more than so many have.
constexpr size_t kMaxCandidates = 16;

// A few words are contained anywhere.
constexpr size_t kMinContained = 40;

std::string KeyOf(const ClauseText& text, const ClauseUnit& unit) {
  std::string key;
  bool is_own = false;
  for (size_t i = unit.begin; i < unit.end; ++i) {
    key += text.words[i].word;
    key += ' ';
    is_own = is_own || text.forces[i].is_own;
  }
  // An item of a list of bans is not the same under permissions.
  if (!is_own && unit.is_item)
    key += SignOf(unit.lead) > 0 ? "|+" : SignOf(unit.lead) < 0 ? "|-" : "";
  return key;
}

// The words in front of "means"; empty for no definition.
std::string TermOf(const ClauseText& text, const ClauseUnit& unit) {
  if (unit.kind != UnitKind::kDefinition) return {};
  std::string term;
  constexpr size_t kMaxTermWords = 6;
  for (size_t i = unit.begin; i < unit.end && i < unit.begin + kMaxTermWords; ++i) {
    if (text.words[i].word == "means" || text.words[i].word == "refers") return term;
    term += text.words[i].word + ' ';
  }
  return {};
}

using WordNumbers = absl::flat_hash_map<std::string_view, uint32_t>;

class Aligner {
 public:
  Aligner(const ClauseText& a, const ClauseText& b) : a_(a), b_(b) {}

  ClauseAlignment Run() {
    CancelEqual();
    DiffRest();
    PairMoved();
    Collect();
    return std::move(out_);
  }

 private:
  struct Side {
    std::vector<uint32_t> units;    // not equal to any on the other side
    std::vector<size_t> words;      // their words
    std::vector<size_t> match;      // one a word of the text: the other side's word, or SIZE_MAX
    std::vector<uint8_t> is_loose;  // one a unit
  };

  void CancelEqual() {
    absl::flat_hash_map<std::string, uint32_t> left;
    for (const ClauseUnit& unit : a_.units) ++left[KeyOf(a_, unit)];
    absl::flat_hash_map<std::string, uint32_t> taken;
    for (uint32_t i = 0; i < b_.units.size(); ++i) {
      const std::string key = KeyOf(b_, b_.units[i]);
      auto& used = taken[key];
      const auto at = left.find(key);
      if (at != left.end() && used < at->second) {
        ++used;
        equal_words_ += b_.units[i].end - b_.units[i].begin;
      } else {
        AddUnit(b_, i, b_side_);
      }
    }
    for (uint32_t i = 0; i < a_.units.size(); ++i) {
      const auto at = taken.find(KeyOf(a_, a_.units[i]));
      if (at != taken.end() && at->second > 0) {
        --at->second;
      } else {
        AddUnit(a_, i, a_side_);
      }
    }
    a_side_.match.assign(a_.words.size(), SIZE_MAX);
    b_side_.match.assign(b_.words.size(), SIZE_MAX);
    a_side_.is_loose.assign(a_.units.size(), 0);
    b_side_.is_loose.assign(b_.units.size(), 0);
  }

  static void AddUnit(const ClauseText& text, uint32_t unit, Side& side) {
    side.units.push_back(unit);
    for (size_t w = text.units[unit].begin; w < text.units[unit].end; ++w) side.words.push_back(w);
  }

  std::vector<uint32_t> Number(const ClauseText& text, const std::vector<size_t>& words) {
    std::vector<uint32_t> out;
    out.reserve(words.size());
    for (const size_t w : words) {
      const auto next = static_cast<uint32_t>(numbers_.size());
      out.push_back(numbers_.try_emplace(text.words[w].word, next).first->second);
    }
    return out;
  }

  // Sets the matches between two runs of words, as the shortest edit script has them.
  void Match(const std::vector<size_t>& a_words, const std::vector<size_t>& b_words) {
    const std::vector<uint32_t> a = Number(a_, a_words), b = Number(b_, b_words);
    size_t i = 0, j = 0;
    const auto keep_to = [&](size_t a_end) {
      for (; i < a_end; ++i, ++j) {
        a_side_.match[a_words[i]] = b_words[j];
        b_side_.match[b_words[j]] = a_words[i];
      }
    };
    for (const Hunk& hunk : DiffSequences(a, b)) {
      keep_to(hunk.a_begin);
      i = hunk.a_end;
      j = hunk.b_end;
    }
    keep_to(a.size());
  }

  void DiffRest() {
    Match(a_side_.words, b_side_.words);
    MarkLoose(a_, a_side_, b_);
    MarkLoose(b_, b_side_, a_);
    // One may lose its counterpart to the other's reckoning; twice is enough for both sides.
    for (int round = 0; round < 2; ++round) {
      Unmatch(a_, a_side_, b_, b_side_);
      Unmatch(b_, b_side_, a_, a_side_);
    }
  }

  // Words of a loose clause have no counterpart, and what is left without any is loose as well.
  static void Unmatch(const ClauseText& text, Side& side, const ClauseText& other, Side& others) {
    for (const uint32_t u : side.units) {
      bool has_counterpart = false;
      for (size_t w = text.units[u].begin; w < text.units[u].end; ++w) {
        const size_t at = side.match[w];
        if (at == SIZE_MAX) continue;
        const bool is_loose = side.is_loose[u] != 0 || others.is_loose[other.unit_of[at]] != 0;
        if (is_loose) side.match[w] = others.match[at] = SIZE_MAX;
        has_counterpart = has_counterpart || !is_loose;
      }
      if (!has_counterpart) side.is_loose[u] = 1;
    }
  }

  // A clause whose words are found too scattered to be one clause of the other side.
  static void MarkLoose(const ClauseText& text, Side& side, const ClauseText& other) {
    for (const uint32_t u : side.units) {
      const ClauseUnit& unit = text.units[u];
      size_t matched = 0, strays = 0;
      uint32_t last = UINT32_MAX;
      absl::flat_hash_map<uint32_t, size_t> there;
      for (size_t w = unit.begin; w < unit.end; ++w) {
        if (side.match[w] == SIZE_MAX) continue;
        ++matched;
        const uint32_t counterpart = other.unit_of[side.match[w]];
        ++there[counterpart];
        strays += last != UINT32_MAX && counterpart != last;
        last = counterpart;
      }
      const auto is_share = [](size_t part, size_t whole, double share) {
        return static_cast<double>(part) >= share * static_cast<double>(whole);
      };
      // Much shorter or longer than what it was: nearly all of the other one is in it.
      const bool is_cut = std::any_of(there.begin(), there.end(), [&](const auto& found) {
        const ClauseUnit& one = other.units[found.first];
        return found.second >= kMinCut && is_share(found.second, one.end - one.begin, kCutClause);
      });
      const size_t size = unit.end - unit.begin;
      side.is_loose[u] = !is_cut && (!is_share(matched, size, kSameClause) ||
                                     (strays > 2 && !is_share(matched, size, kCutClause)));
    }
  }

  size_t Overlap(uint32_t ua, uint32_t ub) const {
    absl::flat_hash_map<std::string_view, int> count;
    for (const ShiftWord& word : a_.words_of(a_.units[ua])) ++count[word.word];
    size_t common = 0;
    for (const ShiftWord& word : b_.words_of(b_.units[ub])) common += count[word.word]-- > 0;
    return common;
  }

  // Loose clauses of both sides that share most words: moved and edited.
  void PairMoved() {
    absl::flat_hash_map<std::string_view, std::vector<uint32_t>> holders;
    absl::flat_hash_map<std::string, uint32_t> defined;
    for (const uint32_t u : a_side_.units) {
      if (!a_side_.is_loose[u]) continue;
      if (std::string term = TermOf(a_, a_.units[u]); !term.empty()) {
        defined.try_emplace(std::move(term), u);
      }
      for (const ShiftWord& word : a_.words_of(a_.units[u])) {
        auto& list = holders[word.word];
        if (list.size() <= kMaxCandidates && (list.empty() || list.back() != u)) list.push_back(u);
      }
    }
    for (const uint32_t u : b_side_.units) {
      if (b_side_.is_loose[u] && !PairDefinition(u, defined)) PairMovedUnit(u, holders);
    }
  }

  // "Territory means", whatever it means now.
  bool PairDefinition(uint32_t ub, absl::flat_hash_map<std::string, uint32_t>& defined) {
    const auto at = defined.find(TermOf(b_, b_.units[ub]));
    if (at == defined.end()) return false;
    Pair(at->second, ub);
    defined.erase(at);
    return true;
  }

  void PairMovedUnit(uint32_t ub,
                     const absl::flat_hash_map<std::string_view, std::vector<uint32_t>>& holders) {
    std::map<uint32_t, size_t> shared;  // ordered: the first of equals is taken
    for (const ShiftWord& word : b_.words_of(b_.units[ub])) {
      const auto at = holders.find(word.word);
      if (at == holders.end() || at->second.size() > kMaxCandidates) continue;
      for (const uint32_t ua : at->second) ++shared[ua];
    }
    uint32_t best = UINT32_MAX;
    double best_share = kSameClause;
    std::vector<std::pair<size_t, uint32_t>> order;
    for (const auto& [ua, count] : shared) order.emplace_back(count, ua);
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& x, const auto& y) { return x.first > y.first; });
    if (order.size() > 4) order.resize(4);
    for (const auto& [count, ua] : order) {
      if (!a_side_.is_loose[ua]) continue;
      const size_t both =
          (a_.units[ua].end - a_.units[ua].begin) + (b_.units[ub].end - b_.units[ub].begin);
      const double share = 2.0 * static_cast<double>(Overlap(ua, ub)) / static_cast<double>(both);
      if (share > best_share) best = ua, best_share = share;
    }
    if (best != UINT32_MAX) Pair(best, ub);
  }

  void Pair(uint32_t ua, uint32_t ub) {
    std::vector<size_t> a_words, b_words;
    for (size_t w = a_.units[ua].begin; w < a_.units[ua].end; ++w)
      a_words.push_back(w), a_side_.match[w] = SIZE_MAX;
    for (size_t w = b_.units[ub].begin; w < b_.units[ub].end; ++w)
      b_words.push_back(w), b_side_.match[w] = SIZE_MAX;
    Match(a_words, b_words);
    a_side_.is_loose[ua] = b_side_.is_loose[ub] = 0;
  }

  void Collect() {
    size_t matched = 0;
    for (const uint32_t u : a_side_.units) {
      if (a_side_.is_loose[u]) out_.gone.push_back(u);
    }
    for (const uint32_t u : b_side_.units) {
      if (b_side_.is_loose[u]) out_.added.push_back(u);
    }
    for (const uint32_t u : b_side_.units) {
      for (size_t w = b_.units[u].begin; w < b_.units[u].end; ++w)
        matched += b_side_.match[w] != SIZE_MAX;
    }
    const size_t both = a_.words.size() + b_.words.size();
    out_.score =
        both == 0 ? 1
                  : 2.0 * static_cast<double>(equal_words_ + matched) / static_cast<double>(both);
    const size_t shorter = std::min(a_.words.size(), b_.words.size());
    out_.contained = shorter < kMinContained ? 0
                                             : static_cast<double>(equal_words_ + matched) /
                                                   static_cast<double>(shorter);
    CollectPairs();
  }

  ChangedPair& PairOf(uint32_t ua, uint32_t ub) {
    const auto [at, is_new] = pair_at_.try_emplace({ua, ub}, out_.pairs.size());
    if (is_new) {
      out_.pairs.emplace_back();
      out_.pairs.back().a = ua;
      out_.pairs.back().b = ub;
    }
    return out_.pairs[at->second];
  }

  // The clause of the other side that most of this clause's neighbours point to: of the word
  // before, else of the word after.
  static uint32_t CounterpartAt(const ClauseText& text, const Side& side, const ClauseText& other,
                                size_t begin, size_t end) {
    const uint32_t unit =
        text.unit_of[begin < text.words.size() && begin < end ? begin : begin - 1];
    for (size_t w = begin; w-- > text.units[unit].begin;) {
      if (side.match[w] != SIZE_MAX) return other.unit_of[side.match[w]];
    }
    for (size_t w = end; w < text.units[unit].end; ++w) {
      if (side.match[w] != SIZE_MAX) return other.unit_of[side.match[w]];
    }
    return UINT32_MAX;
  }

  void CollectPairs() {
    for (const uint32_t ub : b_side_.units) {
      if (b_side_.is_loose[ub]) continue;
      for (size_t w = b_.units[ub].begin; w < b_.units[ub].end;) {
        if (b_side_.match[w] != SIZE_MAX) {
          const uint32_t ua = a_.unit_of[b_side_.match[w]];
          if (!a_side_.is_loose[ua]) PairOf(ua, ub).kept.emplace_back(b_side_.match[w], w);
          ++w;
          continue;
        }
        size_t end = w;
        while (end < b_.units[ub].end && b_side_.match[end] == SIZE_MAX) ++end;
        AddChange(ub, w, end);
        w = end;
      }
    }
    for (const uint32_t ua : a_side_.units) {
      if (a_side_.is_loose[ua]) continue;
      for (size_t w = a_.units[ua].begin; w < a_.units[ua].end;) {
        if (a_side_.match[w] != SIZE_MAX) {
          ++w;
          continue;
        }
        size_t end = w;
        while (end < a_.units[ua].end && a_side_.match[end] == SIZE_MAX) ++end;
        AddGone(ua, w, end);
        w = end;
      }
    }
  }

  void AddChange(uint32_t ub, size_t begin, size_t end) {
    const uint32_t ua = CounterpartAt(b_, b_side_, a_, begin, end);
    if (ua == UINT32_MAX) return;
    // Where in a: behind the match of the word before, in front of the match of the word after.
    size_t at = a_.units[ua].begin;
    if (begin > b_.units[ub].begin && b_side_.match[begin - 1] != SIZE_MAX) {
      at = b_side_.match[begin - 1] + 1;
    } else if (end < b_.units[ub].end && b_side_.match[end] != SIZE_MAX) {
      at = b_side_.match[end];
    }
    PairOf(ua, ub).changes.push_back({at, at, begin, end});
  }

  void AddGone(uint32_t ua, size_t begin, size_t end) {
    const uint32_t ub = CounterpartAt(a_, a_side_, b_, begin, end);
    if (ub == UINT32_MAX) return;
    ChangedPair& pair = PairOf(ua, ub);
    for (WordChange& change : pair.changes) {
      // The same place: one was put in for the other.
      if (change.a_begin == change.a_end && (change.a_begin == begin || change.a_begin == end)) {
        change.a_begin = begin;
        change.a_end = end;
        return;
      }
    }
    size_t at = b_.units[ub].begin;
    if (begin > a_.units[ua].begin && a_side_.match[begin - 1] != SIZE_MAX) {
      at = a_side_.match[begin - 1] + 1;
    } else if (end < a_.units[ua].end && a_side_.match[end] != SIZE_MAX) {
      at = a_side_.match[end];
    }
    pair.changes.push_back({begin, end, at, at});
  }

  const ClauseText& a_;
  const ClauseText& b_;
  Side a_side_, b_side_;
  size_t equal_words_ = 0;
  WordNumbers numbers_;
  std::map<std::pair<uint32_t, uint32_t>, size_t> pair_at_;
  ClauseAlignment out_;
};

}  // namespace

ClauseAlignment AlignClauses(const ClauseText& a, const ClauseText& b) {
  return Aligner(a, b).Run();
}

}  // namespace modelwatch::evaluator
