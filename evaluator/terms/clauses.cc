// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/clauses.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "evaluator/license/residue.h"
#include "evaluator/terms/amounts.h"
#include "evaluator/terms/reading_rules.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kMaxHits = 256;
constexpr size_t kMaxOpen = 64;
// No model licence has 100 KB. What is longer costs no more than this; a sentence that was read
// before costs nothing.
constexpr size_t kMaxBytesRead = 256 << 10;
constexpr size_t kMaxWordsRead = 24'000;

using Words = std::vector<std::string_view>;

bool IsIdeograph(std::string_view word) {
  const auto first = static_cast<unsigned char>(word[0]);
  return first >= 0xE4 && first <= 0xE9;  // U+4000..U+9FFF
}

bool HasWideLetter(std::string_view word) {
  if (word == "\xE2\x82\xAC" || word == "\xC2\xA3" || word == "\xC2\xA5") return false;
  return std::any_of(word.begin(), word.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

// Reads one sentence after another into three sets of levels.
class Reader {
 public:
  Reader() : rules_(ReadingRules::Builtin()), marked_(rules_.vocabulary) {}

  // `is_lead`: an introduction, whose items are read with it.
  void Read(const Sentence& sentence, bool is_lead) {
    Split(sentence);
    marked_.Mark(words_);
    covered_ = Places();
    breaks_ = marked_.Of(rules_.classes.breaks);
    const Places force = marked_.Of(rules_.classes.force);
    PassOver();
    is_definition_ = IsDefinition();
    is_threshold_ = HasThreshold();
    has_hit_ = is_permission_ = false;
    for (const CompiledRule& rule : rules_.rules) {
      if (!rule.is_passed_over) Apply(rule, sentence);
    }
    if (IsForeign()) return OpenAll(sentence);
    // What a sentence says of those above a threshold binds nobody else.
    if (is_threshold_ && has_hit_) return;
    if (is_lead || IsHeading(sentence)) return;
    if (!force.Without(covered_).IsEmpty()) return OpenSubjects(sentence);
    if (!is_permission_ && !has_hit_ && covered_.IsEmpty()) OpenQuiet(sentence);
  }

  void ReadSubject(const Sentence& sentence) {
    Split(sentence);
    marked_.Mark(words_);
    breaks_ = Places();
    bool has_subject = false;
    for (const CompiledSubject& subject : rules_.subjects) {
      if (marked_.Of(subject.words).IsEmpty()) continue;
      has_subject = true;
      Open(sentence, subject.effects, subject.regions);
    }
    for (const CompiledRule& rule : rules_.rules) {
      if (!rule.effects.empty() && IsSaid(rule)) Open(sentence, rule.effects, rule.regions);
    }
    if (!has_subject) OpenAll(sentence);
  }

  void ReadNoFurther(uint32_t line) {
    most_.RaiseAll();
    AddOpen({line, "the text is longer than what is read", {}});
  }

  Reading Done() {
    // Where size decides who needs a licence, a ban on commercial use need not bind the small.
    if (as_read_.of[DimensionIndex("scale")] > 0) {
      least_.of[DimensionIndex("purpose")] = least_.of[DimensionIndex("approval")] = 0;
    }
    reading_.dimensions = as_read_.AsDimensions();
    reading_.least = least_.AsDimensions();
    reading_.most = most_.AsDimensions();
    return std::move(reading_);
  }

 private:
  void Split(const Sentence& sentence) {
    words_.clear();
    const auto take = [&](std::string_view text) {
      for (size_t at = 0; at < text.size() && words_.size() < kMaxSentenceWords;) {
        const size_t end = std::min(text.find(' ', at), text.size());
        if (end > at) words_.push_back(text.substr(at, end - at));
        at = end + 1;
      }
    };
    take(sentence.lead);
    own_begin_ = words_.size();
    take(sentence.words);
  }

  // Takes out the words that say nothing of the terms, innermost first, until none is left.
  void PassOver() {
    constexpr int kMaxRounds = 4;
    for (int round = 0; round < kMaxRounds; ++round) {
      bool is_changed = false;
      for (const CompiledRule& rule : rules_.rules) {
        if (!rule.is_passed_over) continue;
        const bool may_hold_guarded = rule.id == "nothing.lifted";
        for (const PhrasePattern& pattern : rule.says) {
          matches_.clear();
          if (!pattern.FindAll(marked_, breaks_, matches_)) continue;
          for (const Match& match : matches_) {
            if (!may_hold_guarded && IsGuarded(match)) continue;
            is_changed = true;
            const size_t begin = BeginWithModal(match.begin);
            covered_.SetRange(begin, match.end);
            marked_.Erase(begin, match.end);
          }
        }
      }
      if (!is_changed) return;
    }
  }

  // "shall" of "shall | not be liable".
  size_t BeginWithModal(size_t begin) const {
    const auto is_modal = [](std::string_view word) {
      return word == "shall" || word == "must" || word == "should" || word == "will" ||
             word == "agree" || word == "agrees";
    };
    return begin > 0 && is_modal(words_[begin - 1]) ? begin - 1 : begin;
  }

  // Words that restrict are never taken out as wording of a disclaimer.
  bool IsGuarded(const Match& match) const {
    return marked_.Of(rules_.classes.guard).FirstFrom(match.begin) < match.end;
  }

  bool IsDefinition() const {
    constexpr size_t kMaxTermWords = 16;
    const size_t at = marked_.Of(rules_.classes.defines).FirstFrom(0);
    return at < own_begin_ + kMaxTermWords && marked_.Of(rules_.classes.binding).IsEmpty() &&
           marked_.Of(rules_.classes.ban).IsEmpty() && marked_.Of(rules_.classes.only).IsEmpty();
  }

  bool HasThreshold() {
    const bool may_have = std::any_of(
        rules_.rules.begin(), rules_.rules.end(),
        [&](const auto& rule) { return rule.threshold != Threshold::kNone && IsSaid(rule); });
    amounts_.clear();
    if (may_have) amounts_ = AmountsIn(words_);
    return !amounts_.empty();
  }

  bool IsSaid(const CompiledRule& rule) const {
    const auto matches = [&](const PhrasePattern& each) { return each.Matches(marked_, breaks_); };
    return std::any_of(rule.says.begin(), rule.says.end(), matches) &&
           std::none_of(rule.unless.begin(), rule.unless.end(), matches);
  }

  void Apply(const CompiledRule& rule, const Sentence& sentence) {
    if (is_definition_ && !rule.is_in_definitions) return;
    matches_.clear();
    bool is_said = false;
    for (const PhrasePattern& pattern : rule.says) {
      is_said = pattern.FindAll(marked_, breaks_, matches_) || is_said;
    }
    if (!is_said) return;
    for (const PhrasePattern& pattern : rule.unless) {
      if (pattern.Matches(marked_, breaks_)) return;
    }
    reading_.permits_use |= rule.permits_use;
    reading_.permits_sharing |= rule.permits_sharing;
    reading_.permits_change |= rule.permits_change;
    is_permission_ = is_permission_ || rule.permits_use;
    if (rule.effects.empty()) return;  // a permission accounts for no word of force
    for (const Match& match : matches_) covered_.SetRange(BeginWithModal(match.begin), match.end);
    if (rule.threshold != Threshold::kNone) {
      ApplyThreshold(rule, sentence);
    } else {
      ApplyEffects(rule, sentence);
    }
  }

  void ApplyEffects(const CompiledRule& rule, const Sentence& sentence) {
    bool is_open = false, is_said = false, is_certain = false;
    for (CompiledEffect effect : rule.effects) {
      const bool is_of_scale = is_threshold_ && (effect.dimension == DimensionIndex("purpose") ||
                                                 effect.dimension == DimensionIndex("approval"));
      // "Companies above ... may not use it commercially" bans nothing below.
      if (is_of_scale) effect.value = effect.least = effect.most = 0;
      Raise(effect, rule.regions);
      is_open = is_open || effect.most > effect.least;
      is_said = is_said || effect.value > 0;
      is_certain = is_certain || effect.least > 0;
    }
    if (is_said) AddHit(rule, sentence, is_certain);
    if (is_open) AddOpen(sentence, rule.effects);
  }

  void Raise(const CompiledEffect& effect, uint8_t regions) {
    as_read_.Raise(effect.dimension, effect.value);
    least_.Raise(effect.dimension, effect.least);
    most_.Raise(effect.dimension, effect.most);
    if (effect.value > 0 && regions != kAnyRegion) as_read_.regions |= regions;
    if (effect.least > 0 && regions != kAnyRegion) least_.regions |= regions;
    if (effect.most > 0) most_.regions |= regions;
    if (effect.most > 0 && effect.dimension == DimensionIndex("scale")) {
      most_.BindUsers(1);
      most_.BindRevenue(1);
    }
  }

  // The amounts of the sentence that belong to this kind of threshold.
  void ApplyThreshold(const CompiledRule& rule, const Sentence& sentence) {
    const size_t scale = DimensionIndex("scale");
    AddHit(rule, sentence, !amounts_.empty());
    if (amounts_.empty()) {
      as_read_.Raise(scale, 2);
      Raise({scale, 0, 0, 2}, 0);
      return AddOpen(sentence, rule.effects);
    }
    const bool is_needed =
        marked_.Has(rules_.classes.need) && !marked_.Of(rules_.classes.need).IsEmpty();
    const bool is_shown = !marked_.Of(rules_.classes.shows).IsEmpty();
    const uint8_t value = is_shown && !is_needed ? 1 : 2;
    as_read_.Raise(scale, value);
    least_.Raise(scale, is_needed || is_shown ? value : 0);
    most_.Raise(scale, value);
    const bool is_revenue = rule.threshold == Threshold::kRevenue;
    for (const Amount& amount : amounts_) {
      const bool is_money = amount.currency != Currency::kNone;
      const bool both = is_threshold_both();
      if (both && is_money != is_revenue) continue;
      if (is_revenue) {
        const double year = marked_.Of(rules_.classes.monthly).IsEmpty() ? 1 : 12;
        as_read_.BindRevenue(amount.value * year);
        least_.BindRevenue(amount.at_most * year);
        most_.BindRevenue(amount.at_least * year);
      } else if (!is_money) {
        // So many a day are more in a month.
        constexpr double kMonthOverDay = 10;
        const bool is_daily = !marked_.Of(rules_.classes.daily).IsEmpty();
        as_read_.BindUsers(amount.value);
        least_.BindUsers(amount.value * (is_daily ? kMonthOverDay : 1));
        most_.BindUsers(amount.value);
      }
    }
  }

  // Users and money in one sentence: told apart by the currency.
  bool is_threshold_both() const {
    const auto has = [&](bool is_money) {
      return std::any_of(amounts_.begin(), amounts_.end(), [&](const Amount& amount) {
        return (amount.currency != Currency::kNone) == is_money;
      });
    };
    return has(true) && has(false);
  }

  void AddHit(const CompiledRule& rule, const Sentence& sentence, bool is_certain) {
    has_hit_ = true;
    const auto says = [](const CompiledEffect& effect) { return effect.value > 0; };
    const auto said = std::find_if(rule.effects.begin(), rule.effects.end(), says);
    if (said == rule.effects.end() || reading_.hits.size() >= kMaxHits) return;
    const auto known =
        std::find_if(reading_.hits.rbegin(), reading_.hits.rend(), [&](const ClauseHit& hit) {
          return hit.id == rule.id && hit.line == sentence.line && hit.text == sentence.original;
        });
    if (known != reading_.hits.rend()) {
      known->is_certain = known->is_certain || is_certain;
      return;
    }
    reading_.hits.push_back({rule.id, kReadDimensions[said->dimension].name, sentence.line,
                             sentence.original, is_certain});
  }

  void AddOpen(OpenSentence open) {
    if (reading_.open.size() < kMaxOpen) reading_.open.push_back(std::move(open));
  }

  void AddOpen(const Sentence& sentence, const std::vector<CompiledEffect>& effects) {
    if (reading_.open.size() >= kMaxOpen) return;
    OpenSentence open{sentence.line, sentence.original, {}};
    for (const CompiledEffect& effect : effects) {
      open.dimensions.emplace_back(kReadDimensions[effect.dimension].name);
    }
    reading_.open.push_back(std::move(open));
  }

  void Open(const Sentence& sentence, const std::vector<CompiledEffect>& effects, uint8_t regions) {
    if (effects.empty()) return;
    for (const CompiledEffect& effect : effects) Raise(effect, regions);
    AddOpen(sentence, effects);
  }

  void OpenAll(const Sentence& sentence) {
    most_.RaiseAll();
    AddOpen({sentence.line, sentence.original, {}});
  }

  // Words of force are left over: whatever the sentence speaks of is possible.
  void OpenSubjects(const Sentence& sentence) {
    // What a ban is about stands behind it, or right before: "selling it is not allowed".
    constexpr size_t kBefore = 6;
    Places bans = marked_.Of(rules_.classes.ban);
    bans |= marked_.Of(rules_.classes.only);
    const size_t ban = bans.Without(covered_).FirstFrom(0);
    const size_t from = ban >= kMaxSentenceWords ? 0 : ban - std::min(ban, kBefore);
    bool has_subject = false;
    const bool is_ban = ban < kMaxSentenceWords;
    for (const CompiledSubject& subject : rules_.subjects) {
      if (marked_.Of(subject.words).IsEmpty()) continue;
      // A ban that names whom it binds, and not what, may be about anything.
      const bool is_of_whom = is_ban && subject.words == rules_.classes.whom;
      has_subject = has_subject ||
                    (!is_of_whom && marked_.Of(subject.words).FirstFrom(from) < kMaxSentenceWords);
      if (is_definition_ && !subject.is_in_definitions) continue;
      Open(sentence, subject.effects, subject.regions);
    }
    if (!has_subject && !is_definition_ && IsAddressed()) OpenAll(sentence);
  }

  // No word of force, and no permission: "commercial use costs 500 dollars".
  void OpenQuiet(const Sentence& sentence) {
    for (const CompiledSubject& subject : rules_.subjects) {
      if (!subject.is_in_definitions || marked_.Of(subject.words).IsEmpty()) continue;
      Open(sentence, subject.effects, subject.regions);
    }
  }

  // Speaks to whoever uses the licence, or bans something outright.
  bool IsAddressed() const {
    return !marked_.Of(rules_.classes.addressee).IsEmpty() ||
           !marked_.Of(rules_.classes.ban).IsEmpty() || !marked_.Of(rules_.classes.only).IsEmpty();
  }

  // A short line without a verb of force: "Restrictions", "4. Conditions of Use".
  bool IsHeading(const Sentence& sentence) const {
    constexpr size_t kMaxHeadingWords = 4;
    return sentence.end - sentence.begin <= kMaxHeadingWords && own_begin_ == 0 &&
           marked_.Of(rules_.classes.modal).IsEmpty();
  }

  // In a language whose words of force are not known here.
  bool IsForeign() const {
    size_t wide = 0, ideographs = 0;
    for (const std::string_view word : words_) {
      if (IsIdeograph(word)) {
        ++ideographs;
      } else {
        wide += HasWideLetter(word) ? 1 : 0;
      }
    }
    if (ideographs > wide) return false;
    const bool is_english = marked_.Has(rules_.classes.english);
    // A name in a copyright line may be spelt in any way.
    constexpr size_t kLineOpens = 4;
    if (wide > 0) return marked_.Of(rules_.classes.copyright).FirstFrom(0) > kLineOpens;
    if (marked_.Has(rules_.classes.foreign)) return true;
    if (is_english || ideographs > 0 || has_hit_) return false;
    // Titles and addresses have no English words either.
    constexpr int kMaxTitleWords = 8;
    const auto is_plain = [](std::string_view word) {
      return word.size() > 1 && word.size() < 20 &&
             std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    };
    return std::count_if(words_.begin(), words_.end(), is_plain) > kMaxTitleWords &&
           std::none_of(words_.begin(), words_.end(), IsLegalWord);
  }

  const ReadingRules& rules_;
  MarkedSentence marked_;
  Levels as_read_, least_, most_;
  Reading reading_;
  // of the sentence at hand
  Words words_;
  size_t own_begin_ = 0;
  Places covered_, breaks_;
  std::vector<Match> matches_;
  std::vector<Amount> amounts_;
  bool is_definition_ = false, is_threshold_ = false, has_hit_ = false, is_permission_ = false;
};

std::string_view Group(std::string_view clause) { return clause.substr(0, clause.find('.')); }

// The hit that explains a clause: of its own name before one of its group, certain before likely.
const ClauseHit* HitFor(const std::vector<ClauseHit>& hits, std::string_view clause) {
  const ClauseHit* best = nullptr;
  int best_rank = 0;
  for (const ClauseHit& hit : hits) {
    if (Group(hit.id) != Group(clause)) continue;
    const int rank = 1 + (hit.id == clause ? 1 : 0) + (hit.is_certain ? 2 : 0);
    if (rank > best_rank) best = &hit;
    best_rank = std::max(best_rank, rank);
  }
  return best;
}

// The whole sentence is the introduction that `next` continues.
bool Introduces(const Sentence& sentence, const Sentence& next) {
  const size_t size = std::min(sentence.words.size(), next.lead.size());
  return size > 0 &&
         std::equal(sentence.words.end() - static_cast<ptrdiff_t>(size), sentence.words.end(),
                    next.lead.end() - static_cast<ptrdiff_t>(size));
}

}  // namespace

Reading ReadClauses(const std::vector<Sentence>& sentences) {
  Reader reader;
  absl::flat_hash_set<std::string_view> seen;
  absl::flat_hash_set<std::string> seen_with_lead;
  size_t words = 0;
  bool is_cut = false;
  for (const Sentence& sentence : sentences) {
    const bool is_new = sentence.lead.empty()
                            ? seen.insert(sentence.words).second
                            : seen_with_lead.insert(sentence.lead + "|" + sentence.words).second;
    if (!is_new) continue;
    words += sentence.words.size() / 5 + sentence.lead.size() / 5;
    if (words > kMaxWordsRead) {
      reader.ReadNoFurther(sentence.line);
      is_cut = true;
      break;
    }
    const Sentence* next = &sentence == &sentences.back() ? nullptr : &sentence + 1;
    reader.Read(sentence, next != nullptr && Introduces(sentence, *next));
  }
  Reading reading = reader.Done();
  reading.is_read = !is_cut;
  return reading;
}

Reading ReadClauses(std::string_view text) {
  if (text.size() <= kMaxBytesRead) return ReadClauses(SplitSentences(text));
  // What is behind the cut may say anything.
  const std::vector<Sentence> sentences = SplitSentences(text.substr(0, kMaxBytesRead));
  Reading reading = ReadClauses(sentences);
  reading.is_read = false;
  if (!sentences.empty()) {
    reading.open.push_back({sentences.back().line, "the text is longer than what is read", {}});
  }
  return reading;
}

Reading ReadSubjects(const std::vector<Sentence>& sentences) {
  Reader reader;
  for (const Sentence& sentence : sentences) reader.ReadSubject(sentence);
  Reading reading = reader.Done();
  reading.is_read = true;
  return reading;
}

void CiteHits(v1::Terms& terms, const std::vector<ClauseHit>& hits, v1::FindingSource source,
              std::string_view path) {
  for (v1::Outcome& outcome : *terms.mutable_outcomes()) {
    for (v1::Because& because : *outcome.mutable_because()) {
      const ClauseHit* hit = HitFor(hits, because.clause());
      because.set_source(source);
      because.set_path(std::string(path));
      if (hit == nullptr) continue;
      because.set_line(hit->line);
      because.set_text(hit->text);
    }
  }
}

}  // namespace modelwatch::evaluator
