// SPDX-License-Identifier: Apache-2.0
#include "evaluator/license/detection.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "evaluator/license/alignment.h"
#include "evaluator/license/nomination.h"
#include "evaluator/license/occurrences.h"

namespace modelwatch::evaluator {
namespace {

// Candidates that are compared in full.
constexpr size_t kMaxCandidates = 80;
// A pattern found in other words must be there to this part.
constexpr double kMinLikeness = 0.55;
constexpr double kMinCoverage = 0.6;
// Containment guessed from sampled grams may be short of the truth by this.
constexpr double kGuessError = 0.1;
// A reference text of this many words that is there word for word needs no rival.
constexpr size_t kSettledWords = 80;
// A pattern that has a settled text in it must be there itself nearly word for word.
constexpr double kHoldingLikeness = 0.97;
// Two accepted spans may share this part of the shorter.
constexpr double kMaxOverlap = 0.15;
// Patterns over the same words that are worth this part of the best are its rivals.
constexpr double kRivalShare = 0.8;
// A listed template is worth less by its blanks, its title and its copyright line.
constexpr double kListedRivalShare = 0.7;
constexpr size_t kMaxRivals = 6, kMaxShortRivals = 16;
// Patterns up to this long are short: comparing many of them costs little.
constexpr size_t kShortWords = 300;
// How much more than a licence that SPDX does not list one that it lists may leave unexplained.
constexpr size_t kListedBonus = 12, kListedShare = 4;
constexpr size_t kUnfounded = 4;
// From here on a licence's own text names what a generic pattern only sorts.
constexpr double kNamingScore = 0.7;
constexpr std::string_view kLater = "later";

bool HasDigit(std::string_view word) {
  return word.find_first_of("0123456789") != std::string_view::npos;
}

// "gpl-2.0" and "gpl-2.0-plus".
bool AreOnlyAndLater(std::string_view key, std::string_view other) {
  constexpr std::string_view kPlus = "-plus";
  if (key.size() > other.size()) std::swap(key, other);
  return other.size() == key.size() + kPlus.size() && other.substr(0, key.size()) == key &&
         other.substr(key.size()) == kPlus;
}

// A place where a pattern stands, before the choice. Small: a text of names has hundreds of
// thousands.
struct Sighting {
  double worth = 0;
  PatternId pattern = kNone;
  uint32_t begin = 0, end = 0;  // words of the text
  uint32_t alignment = kNone;   // of those that were made; kNone: word for word

  [[nodiscard]] bool is_word_for_word() const { return alignment == kNone; }
};

// Four at a time: a text is written over once for each of its sightings.
void RaiseTo(float least, std::span<float> values) {
  using Lanes = float __attribute__((vector_size(16)));
  constexpr size_t kLanes = sizeof(Lanes) / sizeof(float);
  const Lanes all_least = {least, least, least, least};
  size_t i = 0;
  for (; i + kLanes <= values.size(); i += kLanes) {
    Lanes lanes;
    std::memcpy(&lanes, &values[i], sizeof(lanes));
    lanes = lanes > all_least ? lanes : all_least;
    std::memcpy(&values[i], &lanes, sizeof(lanes));
  }
  for (; i < values.size(); ++i) values[i] = std::max(values[i], least);
}

bool IsThere(const Pattern& pattern, const Alignment& alignment) {
  const double coverage =
      static_cast<double>(alignment.matched) / static_cast<double>(pattern.words.size());
  return alignment.dice >= kMinLikeness && coverage >= kMinCoverage &&
         coverage * 100 >= pattern.minimum_coverage;
}

class Detector {
 public:
  Detector(const Corpus& corpus, TextWords text)
      : corpus_(corpus),
        text_(text),
        worth_(text.words.size(), 0),
        taken_(text.words.size(), 0),
        settled_(text.words.size(), 0) {}

  std::vector<Detection> Run() {
    const std::vector<Occurrence> occurrences = FindOccurrences(corpus_, text_.words);
    seen_.reserve(occurrences.size() + kMaxCandidates);
    for (const Occurrence& occurrence : occurrences) {
      const size_t size = occurrence.end - occurrence.begin;
      Note({static_cast<double>(size), occurrence.pattern, static_cast<uint32_t>(occurrence.begin),
            static_cast<uint32_t>(occurrence.end), kNone});
      if (size >= kSettledWords && corpus_.pattern(occurrence.pattern).is_reference) {
        most_settled_ = std::max(most_settled_, size);
        std::fill(settled_.begin() + static_cast<ptrdiff_t>(occurrence.begin),
                  settled_.begin() + static_cast<ptrdiff_t>(occurrence.end), 1);
      }
    }
    NoteCandidates();
    return Choose();
  }

 private:
  void Note(const Sighting& sighting) {
    RaiseTo(static_cast<float>(sighting.worth),
            std::span(worth_).subspan(sighting.begin, sighting.end - sighting.begin));
    seen_.push_back(sighting);
  }

  void NoteCandidates() {
    std::optional<SeedIndex> seeds;
    for (const Nominee& candidate :
         NominatePatterns(corpus_, text_.words, settled_, kMaxCandidates)) {
      const Pattern pattern = corpus_.pattern(candidate.pattern);
      // Pass over what cannot come near what is there already.
      // What it lacks may stand in the settled text, if that is a part of it.
      const double elsewhere =
          static_cast<double>(pattern.words.size()) * (1 - candidate.containment + kGuessError);
      const bool may_hold_settled =
          most_settled_ > 0 && elsewhere >= static_cast<double>(most_settled_);
      const double most = std::min(1.0, candidate.containment + kGuessError);
      const double best_case = static_cast<double>(pattern.words.size()) * most * most;
      const bool is_near = best_case >= kRivalShare * worth_[candidate.place];
      if (!is_near && !may_hold_settled) continue;
      if (!seeds) seeds.emplace(text_.words);
      Alignment alignment = Align(pattern.words, *seeds);
      if (alignment.matched == 0 || !IsThere(pattern, alignment)) continue;
      if (!is_near && alignment.dice < kHoldingLikeness) continue;
      if (alignment.matched == pattern.words.size() && alignment.dice == 1) continue;
      const double worth = static_cast<double>(alignment.matched) * alignment.dice * alignment.dice;
      Note({worth, pattern.id, static_cast<uint32_t>(alignment.begin),
            static_cast<uint32_t>(alignment.end), static_cast<uint32_t>(alignments_.size())});
      alignments_.push_back(std::move(alignment));
    }
  }

  [[nodiscard]] bool IsTaken(const Sighting& sighting) const {
    const auto count =
        std::count(taken_.begin() + sighting.begin, taken_.begin() + sighting.end, 1);
    return static_cast<double>(count) > kMaxOverlap * (sighting.end - sighting.begin);
  }

  // The worthiest first, each unless its place is taken.
  std::vector<Detection> Choose() {
    std::stable_sort(seen_.begin(), seen_.end(),
                     [](const Sighting& a, const Sighting& b) { return a.worth > b.worth; });
    struct Choice {
      uint32_t begin, place;  // in seen_, or in `judged` behind these
    };
    std::vector<Choice> chosen;
    std::vector<Detection> judged;
    for (size_t i = 0; i < seen_.size(); ++i) {
      if (IsTaken(seen_[i])) continue;
      uint32_t begin = seen_[i].begin, end = seen_[i].end;
      if (IsPlain(seen_[i])) {
        chosen.push_back({begin, static_cast<uint32_t>(i)});
      } else {
        judged.push_back(IsCertain(seen_[i]) ? Certain(i) : BestOfRivals(i));
        begin = static_cast<uint32_t>(judged.back().begin);
        end = static_cast<uint32_t>(judged.back().end);
        chosen.push_back({begin, static_cast<uint32_t>(seen_.size() + judged.size() - 1)});
      }
      std::fill(taken_.begin() + begin, taken_.begin() + end, 1);
    }
    std::stable_sort(chosen.begin(), chosen.end(),
                     [](const Choice& a, const Choice& b) { return a.begin < b.begin; });
    std::vector<Detection> detections;
    detections.reserve(chosen.size());
    for (const Choice& choice : chosen) {
      detections.push_back(choice.place < seen_.size()
                               ? WordForWord(seen_[choice.place])
                               : std::move(judged[choice.place - seen_.size()]));
    }
    return detections;
  }

  // Nothing else can be meant.
  [[nodiscard]] bool IsPlain(const Sighting& sighting) const {
    return IsCertain(sighting) && !IsFiled(sighting.pattern);
  }

  // A text that is not the licence's own.
  [[nodiscard]] bool IsFiled(PatternId id) const {
    const Pattern pattern = corpus_.pattern(id);
    return !pattern.is_reference && pattern.kind == v1::PATTERN_TEXT;
  }

  [[nodiscard]] bool IsCertain(const Sighting& sighting) const {
    return sighting.is_word_for_word() && !IsGeneric(sighting.pattern);
  }

  // What stands there word for word; but a text that is only filed under a licence may be what SPDX
  // lists as another.
  Detection Certain(size_t first) {
    Detection certain = WordForWord(seen_[first]);
    if (!IsFiled(certain.pattern)) return certain;
    size_t rivals = 0;
    for (size_t i = first + 1; i < seen_.size() && rivals < kMaxRivals; ++i) {
      if (seen_[i].worth < kListedRivalShare * seen_[first].worth) break;
      const bool is_own = corpus_.pattern(seen_[i].pattern).is_reference;
      if (!is_own || !IsListed(seen_[i].pattern) || !AreRivals(seen_[first], seen_[i])) continue;
      if (IsTaken(seen_[i])) continue;
      ++rivals;
      Detection rival = Fitted(seen_[i]);
      if (IsWholeListed(rival, certain)) return rival;
    }
    return certain;
  }

  static Detection WordForWord(const Sighting& sighting) {
    Detection detection;
    detection.pattern = sighting.pattern;
    detection.begin = sighting.begin;
    detection.end = sighting.end;
    detection.matched = detection.end - detection.begin;
    detection.likeness = 1;
    return detection;
  }

  [[nodiscard]] Detection Fitted(const Sighting& sighting) const {
    Detection detection = WordForWord(sighting);
    if (sighting.is_word_for_word()) return detection;
    const Alignment& alignment = alignments_[sighting.alignment];
    detection.is_word_for_word = false;
    detection.matched = alignment.matched;
    detection.fit = FitPattern(corpus_, sighting.pattern, text_, alignment);
    detection.likeness = std::min(alignment.dice, 0.9999);
    return detection;
  }

  // Stands for no licence in particular ("other-permissive").
  [[nodiscard]] bool IsGeneric(PatternId id) const {
    const Pattern pattern = corpus_.pattern(id);
    if (pattern.expression == kNone) return false;
    const auto terms = corpus_.expression(pattern.expression).terms;
    return std::all_of(terms.begin(), terms.end(),
                       [&](const auto& term) { return corpus_.is_generic(term.licence); });
  }

  // Of the first licence that a pattern names; empty for a false positive.
  [[nodiscard]] std::string_view KeyOf(PatternId id) const {
    const uint32_t expression = corpus_.pattern(id).expression;
    if (expression == kNone) return {};
    return corpus_.key_of(corpus_.expression(expression).terms[0].licence);
  }

  // Two texts of one line: "version unknown" is an answer only between these.
  [[nodiscard]] bool AreVersions(PatternId a, PatternId b) const {
    const std::string_view of_a = KeyOf(a), of_b = KeyOf(b);
    return !of_a.empty() && !of_b.empty() && SameFamily(of_a, of_b);
  }

  // A notice says it; the text of the licence is the same for both.
  [[nodiscard]] bool AreNoticesOfOnlyAndLater(PatternId a, PatternId b) const {
    return corpus_.pattern(a).kind != v1::PATTERN_TEXT &&
           corpus_.pattern(b).kind != v1::PATTERN_TEXT && AreOnlyAndLater(KeyOf(a), KeyOf(b));
  }

  static bool AreRivals(const Sighting& a, const Sighting& b) {
    const size_t begin = std::max(a.begin, b.begin), end = std::min(a.end, b.end);
    const size_t longer = std::max(a.end - a.begin, b.end - b.begin);
    return begin < end && 2 * (end - begin) > longer;
  }

  Detection BestOfRivals(size_t first) {
    Detection best;
    size_t rivals = 0;
    const bool is_short = corpus_.words_of(seen_[first].pattern).size() <= kShortWords;
    const size_t most = is_short ? kMaxShortRivals : kMaxRivals;
    for (size_t i = first; i < seen_.size() && rivals < most; ++i) {
      if (seen_[i].worth < kRivalShare * seen_[first].worth) break;
      if (i != first && (!AreRivals(seen_[first], seen_[i]) || IsTaken(seen_[i]))) continue;
      ++rivals;
      Detection rival = Fitted(seen_[i]);
      if (rivals > 1 && !IsBetter(rival, best)) std::swap(rival, best);
      // `rival` is now the better one.
      if (rivals > 1) KeepSibling(rival, best);
      best = std::move(rival);
    }
    return best;
  }

  void KeepSibling(Detection& winner, const Detection& other) const {
    if (AreVersions(winner.pattern, other.pattern) && other.fit.score > winner.sibling_score) {
      winner.sibling = other.pattern;
      winner.sibling_score = other.fit.score;
    } else if (other.sibling_score > winner.sibling_score) {
      winner.sibling = other.sibling;
      winner.sibling_score = other.sibling_score;
    }
  }

  // A version of a licence is more than a sort of text.
  [[nodiscard]] bool IsBetter(const Detection& a, const Detection& b) const {
    const auto names_a_licence = [&](const Detection& d) {
      return !IsGeneric(d.pattern) && (d.is_word_for_word || d.fit.score >= kNamingScore);
    };
    const bool a_names = names_a_licence(a), b_names = names_a_licence(b);
    if (a_names != b_names) return a_names;
    if (IsWholeListed(a, b) != IsWholeListed(b, a)) return IsWholeListed(a, b);
    if (AreVersions(a.pattern, b.pattern) || AreNoticesOfOnlyAndLater(a.pattern, b.pattern)) {
      const bool a_contradicts = ContradictsVersion(a), b_contradicts = ContradictsVersion(b);
      if (a_contradicts != b_contradicts) return b_contradicts;
    }
    return LeavesLess(a, b);
  }

  // The licence's own text as SPDX lists it, whole, over all that the other explains.
  [[nodiscard]] bool IsWholeListed(const Detection& d, const Detection& other) const {
    const bool is_own = other.is_word_for_word && corpus_.pattern(other.pattern).is_reference;
    return corpus_.pattern(d.pattern).is_reference && IsListed(d.pattern) && d.is_exact() &&
           !is_own && d.begin <= other.begin && other.end <= d.end;
  }

  // The text gives another number where the pattern has its own, or speaks of later versions and
  // the pattern does not, or the other way round.
  [[nodiscard]] bool ContradictsVersion(const Detection& d) const {
    const auto words = corpus_.words_of(d.pattern);
    return std::any_of(d.fit.residue.begin(), d.fit.residue.end(), [&](const ResidueHunk& judged) {
      if (judged.is_neutral) return false;
      const Hunk& hunk = judged.hunk;
      bool gone = false, come = false, is_later_gone = false, is_later_come = false;
      for (size_t i = hunk.a_begin; i < hunk.a_end; ++i) {
        gone |= HasDigit(corpus_.word(words[i]));
        is_later_gone |= corpus_.word(words[i]) == kLater;
      }
      for (size_t i = hunk.b_begin; i < hunk.b_end; ++i) {
        come |= HasDigit(text_.tokens[i].word);
        is_later_come |= text_.tokens[i].word == kLater;
      }
      return (gone && come) || is_later_gone != is_later_come;
    });
  }

  [[nodiscard]] bool IsCompound(PatternId id) const {
    const uint32_t expression = corpus_.pattern(id).expression;
    return expression != kNone && corpus_.expression(expression).terms.size() > 1;
  }

  [[nodiscard]] bool IsListed(PatternId id) const {
    const uint32_t expression = corpus_.pattern(id).expression;
    if (expression == kNone || corpus_.pattern(id).kind != v1::PATTERN_TEXT) return false;
    const auto terms = corpus_.expression(expression).terms;
    const Licence licence = corpus_.licence(terms[0].licence);
    return terms.size() == 1 && licence.is_spdx() && !licence.is_deprecated;
  }

  // What counts and is not explained, also outside the shorter of two spans.
  [[nodiscard]] bool LeavesLess(const Detection& a, const Detection& b) const {
    const auto left = [&](const Detection& d) {
      const size_t begin = std::min(a.begin, b.begin), end = std::max(a.end, b.end);
      const size_t outside = end - begin - (d.end - d.begin);
      // Several licences at once claim more: what is not there of them counts twice.
      const size_t unfounded = IsCompound(d.pattern) ? kUnfounded * d.fit.missing : 0;
      return 2 * outside + d.fit.weight + unfounded;
    };
    size_t of_a = left(a), of_b = left(b);
    // Neither is exact: the one that everybody knows is meant, unless the other is clearly nearer.
    if (of_a > 0 && of_b > 0 && IsListed(a.pattern) != IsListed(b.pattern)) {
      size_t& listed = IsListed(a.pattern) ? of_a : of_b;
      listed -= std::min(listed - 1, kListedBonus + listed / kListedShare);
    }
    if (of_a != of_b) return of_a < of_b;
    if (a.matched != b.matched) return a.matched > b.matched;
    const auto name = [&](const Detection& d) {
      const uint32_t expression = corpus_.pattern(d.pattern).expression;
      return expression == kNone ? std::string_view() : corpus_.expression(expression).spdx;
    };
    // Of names for the same words the plainest.
    return std::make_pair(name(a).size(), name(a)) < std::make_pair(name(b).size(), name(b));
  }

  const Corpus& corpus_;
  TextWords text_;
  std::vector<Sighting> seen_;
  std::vector<Alignment> alignments_;
  std::vector<float> worth_;      // by word of the text: of the best sighting over it
  std::vector<uint8_t> taken_;    // by word: a chosen detection has it
  std::vector<uint8_t> settled_;  // by word: in a reference text that stands there word for word
  size_t most_settled_ = 0;       // words of the longest of these
};

// The key without digits and what stands between them.
std::string Stem(std::string_view key) {
  std::string stem;
  for (size_t i = 0; i < key.size(); ++i) {
    const bool is_number =
        absl::ascii_isdigit(static_cast<unsigned char>(key[i])) ||
        (i > 0 && (key[i] == '.' || key[i] == '-') && !stem.empty() && stem.back() == '#');
    if (!is_number) {
      stem += key[i];
    } else if (stem.empty() || stem.back() != '#') {
      stem += '#';
    }
  }
  return stem;
}

}  // namespace

bool SameFamily(std::string_view key, std::string_view other) {
  return key != other && Stem(key) == Stem(other);
}

PatternExpression ExpressionOf(const Corpus& corpus, const Detection& detection) {
  return corpus.expression(detection.expression != kNone
                               ? detection.expression
                               : corpus.pattern(detection.pattern).expression);
}

std::vector<Detection> Detect(const Corpus& corpus, TextWords text) {
  return Detector(corpus, text).Run();
}

}  // namespace modelwatch::evaluator
