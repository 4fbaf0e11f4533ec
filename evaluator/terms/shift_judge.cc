// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/shift_judge.h"

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "evaluator/terms/shift_definitions.h"
#include "evaluator/terms/shift_notices.h"
#include "evaluator/terms/shift_numbers.h"

namespace modelwatch::evaluator {
namespace {

bool HasRole(std::span<const ShiftWord> words, WordRole role) {
  return std::any_of(words.begin(), words.end(),
                     [&](const ShiftWord& word) { return word.role == role; });
}

// A holder, a title, a filled blank.
bool AreFree(std::span<const ShiftWord> words) {
  return std::all_of(words.begin(), words.end(), [](const ShiftWord& word) {
    return word.is_free || word.role == WordRole::kStop;
  });
}

// What a run of words does to a clause when it is put in.
struct Effect {
  int direction = 0;
  bool is_weak = false;
  bool is_limit = false;  // a limit or a region: outweighs the words it was put in for
  bool is_telling = false;
  Force force = Force::kNone;
};

// Words of one text that differ, seen in their clause.
struct Span {
  const ClauseText* text;
  const ClauseUnit* unit;
  size_t begin, end;

  [[nodiscard]] std::span<const ShiftWord> words() const {
    return std::span(text->words).subspan(begin, end - begin);
  }
};

// The force that the place itself has, before what is put in says anything.
WordForce ForceAt(const Span& span) {
  if (span.begin > span.unit->begin) return span.text->forces[span.begin - 1];
  if (span.end < span.unit->end) return span.text->forces[span.end];
  return {span.unit->lead, false, false, false};
}

bool IsJoint(const ShiftWord& word) { return word.word == "or" || word.word == "and"; }

// Set off by a comma or a joint: ", or for gambling".
bool IsListItem(const Span& span) {
  const auto& words = span.text->words;
  if (IsJoint(words[span.begin])) return true;
  if (span.begin == span.unit->begin) return IsJoint(words[span.end - 1]);
  return words[span.begin].after_comma || IsJoint(words[span.begin - 1]);
}
// The same, told by what follows: "use[, copy], modify".
bool IsListMiddle(const Span& span) {
  const auto& words = span.text->words;
  return span.begin > span.unit->begin && span.end < span.unit->end &&
         (IsJoint(words[span.end - 1]) || words[span.end].after_comma || IsJoint(words[span.end]));
}

// "publicly [display, publicly] perform" is "[publicly display,] publicly perform": the same words
// put in, at the place where they read as a phrase.
Span Settled(Span span) {
  const auto& words = span.text->words;
  const auto begins_well = [&] {
    const ShiftWord& word = words[span.begin];
    return word.after_comma || word.word == "or" || word.word == "and" ||
           word.role == WordRole::kExcept || word.role == WordRole::kIf ||
           word.role == WordRole::kNarrow || word.role == WordRole::kLimit;
  };
  if (span.begin == span.end) return span;
  const Span given = span;
  while (span.begin < span.end && span.begin > span.unit->begin && !begins_well() &&
         words[span.begin - 1].word == words[span.end - 1].word) {
    --span.begin;
    --span.end;
  }
  return span.begin < span.end && begins_well() ? span : given;
}

const ShiftWord* FirstOf(const Span& span) {
  for (const ShiftWord& word : span.words()) {
    if (word.word != "or" && word.word != "and" && word.role != WordRole::kStop) return &word;
  }
  return nullptr;
}

// A permission, duty or ban of its own among the words: "and must register".
Effect EffectOfOwnForce(const Span& span) {
  for (size_t i = span.begin; i < span.end; ++i) {
    if (!IsForce(span.text->words[i].role)) continue;
    const WordForce& force = span.text->forces[i];
    const bool says_something = std::any_of(
        span.text->words.begin() + static_cast<ptrdiff_t>(i) + 1,
        span.text->words.begin() + static_cast<ptrdiff_t>(span.end),
        [](const ShiftWord& word) { return word.role != WordRole::kStop && !IsForce(word.role); });
    if (!says_something || force.force == Force::kNone || !force.is_own) continue;
    const bool is_exception = HasRole(span.words().first(i - span.begin), WordRole::kExcept);
    const int sign = SignOf(force.force);
    if (is_exception) break;
    return {sign, false, false, true, force.force};
  }
  return {};
}

Effect EffectOfList(const Span& span, const WordForce& inside) {
  const int sign = inside.sign();
  const bool is_telling =
      std::any_of(span.words().begin(), span.words().end(),
                  [](const ShiftWord& word) { return IsTellingRole(word.role); });
  const bool says_something =
      std::any_of(span.words().begin(), span.words().end(), [](const ShiftWord& word) {
        const bool is_name = word.role == WordRole::kPlain && word.is_capital;
        return word.role != WordRole::kStop && word.role != WordRole::kNo &&
               word.role != WordRole::kNot && !is_name;
      });
  if (sign == 0 || !says_something) return {0, false, false, is_telling, inside.force};
  // An alternative gone from a permission: "a person or a legal entity".
  const bool is_alternative = span.text->words[span.begin].word == "or";
  if (sign > 0 && !is_telling && !is_alternative) return {};
  return {sign, !is_telling && inside.force != Force::kBan, HasRole(span.words(), WordRole::kPlace),
          true, inside.force};
}

Effect EffectOf(const Span& span, const WordForce& at, const WordForce& inside) {
  const ShiftWord* first = FirstOf(span);
  if (first == nullptr) return {};
  if (const Effect own = EffectOfOwnForce(span); own.direction != 0) return own;
  const auto words = span.words();
  const int sign = at.sign();
  const size_t lead = std::min<size_t>(words.size(), 3);
  if (HasRole(words.first(lead), WordRole::kExcept))
    return {sign == 0 ? -1 : -sign, false, true, true, at.force};
  if (first->role == WordRole::kIf) return {-sign, false, false, true, at.force};
  if (HasRole(words, WordRole::kWiden)) return {sign, false, false, true, at.force};
  if (HasRole(words, WordRole::kLimit)) return {sign < 0 ? 1 : -1, sign < 0, true, true, at.force};
  if (HasRole(words, WordRole::kBonus)) return {sign < 0 ? 0 : 1, false, false, true, at.force};
  if (IsListItem(span)) return EffectOfList(span, inside);
  const bool is_topic = HasRole(words, WordRole::kTopic) || HasRole(words, WordRole::kPlace);
  if (first->role == WordRole::kNarrow && is_topic) return {-sign, false, false, true, at.force};
  if (IsListMiddle(span)) return EffectOfList(span, inside);
  if (first->role == WordRole::kInclude) return {inside.sign(), true, false, is_topic, at.force};
  if (is_topic) return {-sign, true, false, true, at.force};
  return {};
}

// "Provided for research purposes", "you are not domiciled in the EU": limits without a verb of
// force.
bool LimitsInPassing(std::span<const ShiftWord> words) {
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i].word != "for") continue;
    for (size_t k = i + 1; k < words.size() && k <= i + 3; ++k) {
      for (const char* purpose :
           {"research", "academic", "educational", "evaluation", "personal"}) {
        if (words[k].word == purpose && k + 1 < words.size() &&
            (words[k + 1].word == "purposes" || words[k + 1].word == "purpose" ||
             words[k + 1].word == "use")) {
          return true;
        }
      }
    }
  }
  return HasRole(words, WordRole::kPlace) && HasRole(words, WordRole::kNot) &&
         HasRole(words, WordRole::kUser);
}

// What adding the whole clause does.
Effect EffectOfUnit(const ClauseText& text, const ClauseUnit& unit) {
  if (unit.kind != UnitKind::kClause || IsScopeNote(text.words_of(unit))) return {};
  const auto words = text.words_of(unit);
  if (AreFree(words)) return {};
  const auto forces = text.forces_of(unit);
  Force first = Force::kNone, worst = Force::kNone;
  for (const WordForce& force : forces) {
    if (!force.is_own || force.force == Force::kNone) continue;
    if (first == Force::kNone) first = force.force;
    worst = std::max(worst, force.force);
  }
  const bool has_limit = HasRole(words, WordRole::kLimit);
  if (first == Force::kNone) {
    // A lone word is the rest of an address or a mark more often than an item.
    if (words.size() < 2 && !IsTellingRole(words.front().role)) return {};
    if (unit.is_item && SignOf(unit.lead) != 0)
      return {SignOf(unit.lead), false, false, true, unit.lead};
    const bool is_about_use = std::any_of(words.begin(), words.end(), [](const ShiftWord& w) {
      return w.role == WordRole::kTopic || w.role == WordRole::kStanding;
    });
    if ((has_limit && is_about_use) || LimitsInPassing(words))
      return {-1, false, true, true, Force::kBan};
    if (std::any_of(words.begin(), words.end(),
                    [](const ShiftWord& w) { return w.word == "incorporated"; }))
      return {-1, false, false, true, Force::kObligation};
    if (HasRole(words, WordRole::kBonus)) return {1, true, false, true, Force::kGrant};
    return {};
  }
  // "Please contact us for commercial use" asks for more than a citation.
  const bool asks_to_apply = std::any_of(words.begin(), words.end(),
                                         [](const ShiftWord& w) { return w.word == "commercial"; });
  if (first == Force::kPlea && !asks_to_apply) return {};
  if (SignOf(first) > 0 && (worst == Force::kBan || (has_limit && first == Force::kGrant)))
    return {-1, false, true, true, Force::kBan};
  return {SignOf(first), false, false, true, first};
}

// How much a word's place takes from the user.
int RankOf(const WordForce& force) {
  if (force.sign() > 0) return 0;
  if (force.sign() == 0) return 1;
  return force.force == Force::kPlea ? 2 : force.force == Force::kObligation ? 3 : 4;
}

class ChangeJudge {
 public:
  ChangeJudge(const ClauseText& a, const ClauseText& b, const ClauseAlignment& alignment)
      : a_(a), b_(b), alignment_(alignment) {}

  Judgement Run() {
    const std::vector<bool> a_notices = NoticeUnits(a_, alignment_.gone);
    const std::vector<bool> b_notices = NoticeUnits(b_, alignment_.added);
    const bool is_translated =
        IsTranslation(b_, alignment_.added, a_) || IsTranslation(a_, alignment_.gone, b_);
    if (is_translated) return {};
    for (size_t i = 0; i < alignment_.gone.size(); ++i) {
      if (!a_notices[i]) AddUnit(alignment_.gone[i], false);
    }
    for (size_t i = 0; i < alignment_.added.size(); ++i) {
      if (!b_notices[i]) AddUnit(alignment_.added[i], true);
    }
    DropReplacedDuties();
    for (const ChangedPair& pair : alignment_.pairs) JudgePair(pair);
    return std::move(out_);
  }

 private:
  void AddUnit(uint32_t u, bool is_in_b) {
    const ClauseText& text = is_in_b ? b_ : a_;
    const Effect effect = EffectOfUnit(text, text.units[u]);
    if (effect.direction == 0) return;
    Ground ground{is_in_b ? effect.direction : -effect.direction,
                  effect.is_weak,
                  is_in_b,
                  u,
                  effect.force,
                  {}};
    for (const ShiftWord& word : text.words_of(text.units[u])) ground.words.push_back(&word);
    out_.grounds.push_back(std::move(ground));
  }

  // A duty that gave way to a ban on the same subject is no gain.
  void DropReplacedDuties() {
    constexpr size_t kMaxCompared = 200;
    std::vector<Ground>& grounds = out_.grounds;
    if (grounds.size() > kMaxCompared) return;
    const auto shares_subject = [](const Ground& left, const Ground& right) {
      size_t shared = 0;
      for (const ShiftWord* word : left.words) {
        shared += word->role == WordRole::kTopic &&
                  std::any_of(right.words.begin(), right.words.end(),
                              [&](const ShiftWord* other) { return other->word == word->word; });
      }
      return shared >= 2;
    };
    std::vector<Ground> kept;
    for (const Ground& duty : grounds) {
      const bool is_replaced = duty.force == Force::kObligation &&
                               std::any_of(grounds.begin(), grounds.end(), [&](const Ground& ban) {
                                 return ban.force == Force::kBan &&
                                        ban.direction == -duty.direction &&
                                        ban.is_in_b != duty.is_in_b && shares_subject(duty, ban);
                               });
      if (!is_replaced) kept.push_back(duty);
    }
    grounds = std::move(kept);
  }

  void Add(int direction, bool is_weak, const ChangedPair& pair, Force force,
           const WordChange* change) {
    if (direction == 0) return;
    // The clause that takes: in b when b is tighter.
    const bool is_in_b = direction < 0;
    Ground ground{direction, is_weak, is_in_b, is_in_b ? pair.b : pair.a, force, {}};
    if (change != nullptr) {
      for (size_t i = change->a_begin; i < change->a_end; ++i) ground.words.push_back(&a_.words[i]);
      for (size_t i = change->b_begin; i < change->b_end; ++i) ground.words.push_back(&b_.words[i]);
    }
    out_.grounds.push_back(std::move(ground));
  }

  void JudgePair(const ChangedPair& pair) {
    const ClauseUnit &ua = a_.units[pair.a], &ub = b_.units[pair.b];
    const auto is_idle = [](UnitKind kind) {
      return kind == UnitKind::kDisclaimer || kind == UnitKind::kHeading;
    };
    if (is_idle(ua.kind) || is_idle(ub.kind)) return;
    if (ub.kind == UnitKind::kFormality && !HasTopic(pair)) return;
    if (ua.kind == UnitKind::kDefinition && ub.kind == UnitKind::kDefinition)
      return JudgeDefinition(pair);
    if (IsTurnedRound(pair)) return;
    const bool has_turned = JudgeForces(pair);
    JudgeEach(pair, has_turned, nullptr);
  }

  // The same words in another order, under one verb: "we may end it if you break it".
  bool IsTurnedRound(const ChangedPair& pair) const {
    std::map<std::string_view, int> balance;
    size_t forces = 0;
    for (const ShiftWord& word : a_.words_of(a_.units[pair.a])) {
      --balance[word.word];
      forces += IsForce(word.role) && word.role != WordRole::kEnd;
    }
    for (const ShiftWord& word : b_.words_of(b_.units[pair.b])) ++balance[word.word];
    return forces < 2 && std::all_of(balance.begin(), balance.end(),
                                     [](const auto& word) { return word.second == 0; });
  }

  // A "not" that came or went where no permission, duty or ban is: "outputs are not deemed ...".
  bool JudgeNegation(const ChangedPair& pair, const Span& gone, const Span& come) {
    const auto is_not = [](const Span& span) {
      return span.end == span.begin + 1 && (span.text->words[span.begin].role == WordRole::kNot ||
                                            span.text->words[span.begin].role == WordRole::kDoNot);
    };
    const bool went = is_not(gone) && come.begin == come.end;
    const bool came = is_not(come) && gone.begin == gone.end;
    if (!went && !came) return false;
    const auto words = b_.words_of(b_.units[pair.b]);
    const bool is_binding = std::any_of(words.begin(), words.end(), [](const ShiftWord& word) {
      for (const char* term : {"derivative", "derivatives", "commercial", "distribution",
                               "modification", "modifications"}) {
        if (word.word == term) return true;
      }
      return false;
    });
    if (is_binding) {
      Add(went ? -1 : 1, false, pair, Force::kObligation, nullptr);
    } else {
      out_.is_open = true;
    }
    return true;
  }

  // A duty to ask against a duty to tell.
  static int WeightOfDuty(const Span& span) {
    int weight = 0;
    for (const ShiftWord& word : span.words()) {
      for (const char* asks :
           {"request", "obtain", "consent", "approval", "permission", "purchase", "pay", "apply"}) {
        if (word.word == asks) weight = 2;
      }
      for (const char* tells : {"inform", "notify", "register", "report", "acknowledge", "tell"}) {
        if (word.word == tells) weight = std::max(weight, 1);
      }
    }
    return weight;
  }

  // More than another court or another button to click on.
  bool HasTopic(const ChangedPair& pair) const {
    const auto is_topic = [](const ShiftWord& word) {
      return word.role == WordRole::kTopic || word.role == WordRole::kLimit;
    };
    return std::any_of(pair.changes.begin(), pair.changes.end(), [&](const WordChange& change) {
      return std::any_of(a_.words.begin() + static_cast<ptrdiff_t>(change.a_begin),
                         a_.words.begin() + static_cast<ptrdiff_t>(change.a_end), is_topic) ||
             std::any_of(b_.words.begin() + static_cast<ptrdiff_t>(change.b_begin),
                         b_.words.begin() + static_cast<ptrdiff_t>(change.b_end), is_topic);
    });
  }

  // Words of the changes that only moved inside the clause: "copy, use" -> "use, copy".
  struct MovedWords {
    bool gone = false, come = false;
  };
  std::vector<MovedWords> MovedWithin(const ChangedPair& pair) const {
    std::map<std::string_view, int> balance;
    for (const WordChange& change : pair.changes) {
      for (size_t i = change.a_begin; i < change.a_end; ++i) --balance[a_.words[i].word];
      for (size_t i = change.b_begin; i < change.b_end; ++i) ++balance[b_.words[i].word];
    }
    const auto is_balanced = [&](const ShiftWord& word) {
      return word.role == WordRole::kStop || (balance[word.word] == 0 && !IsForce(word.role));
    };
    // "or" for "and" is a change of its own.
    const bool is_several = pair.changes.size() > 1;
    std::vector<MovedWords> moved;
    for (const WordChange& change : pair.changes) {
      const auto all = [&](const ClauseText& text, size_t begin, size_t end) {
        return is_several &&
               std::all_of(text.words.begin() + static_cast<ptrdiff_t>(begin),
                           text.words.begin() + static_cast<ptrdiff_t>(end), is_balanced);
      };
      moved.push_back(
          {all(a_, change.a_begin, change.a_end), all(b_, change.b_begin, change.b_end)});
    }
    return moved;
  }

  // The change without the words that only moved; empty on both sides when that is all.
  static WordChange WithoutMoved(WordChange change, const MovedWords& moved) {
    if (moved.gone) change.a_begin = change.a_end;
    if (moved.come) change.b_begin = change.b_end;
    return change;
  }

  // Words that stayed and now stand under another force: "may" -> "may not".
  bool JudgeForces(const ChangedPair& pair) {
    const WordChange* cause = nullptr;
    for (const WordChange& change : pair.changes) {
      const auto changes_force = [](const ShiftWord& word) {
        return IsForce(word.role) || word.role == WordRole::kExcept || word.role == WordRole::kNo;
      };
      for (size_t i = change.a_begin; i < change.a_end; ++i)
        if (changes_force(a_.words[i])) cause = &change;
      for (size_t i = change.b_begin; i < change.b_end; ++i)
        if (changes_force(b_.words[i])) cause = &change;
    }
    // The same item, moved to a list of the other sort.
    const ClauseUnit &ua = a_.units[pair.a], &ub = b_.units[pair.b];
    const bool is_whole =
        pair.kept.size() == ua.end - ua.begin && pair.kept.size() == ub.end - ub.begin;
    const bool is_other_list = is_whole && SignOf(ua.lead) * SignOf(ub.lead) < 0;
    if (cause == nullptr && !is_other_list) return false;
    size_t tighter = 0, looser = 0;
    Force force = Force::kNone;
    for (const auto& [i, j] : pair.kept) {
      const ShiftWord& word = b_.words[j];
      if (word.role == WordRole::kStop || IsForce(word.role) || word.role == WordRole::kUser)
        continue;
      const int before = RankOf(a_.forces[i]), after = RankOf(b_.forces[j]);
      if (after > before) ++tighter, force = b_.forces[j].force;
      if (after < before) ++looser, force = a_.forces[i].force;
    }
    if (tighter == 0 && looser == 0) return false;
    Add(tighter >= looser ? -1 : 1, false, pair, force, nullptr);
    return true;
  }

  void JudgeEach(const ChangedPair& pair, bool has_turned, const int* use) {
    const std::vector<MovedWords> moved = MovedWithin(pair);
    for (size_t i = 0; i < pair.changes.size(); ++i) {
      const WordChange change = WithoutMoved(pair.changes[i], moved[i]);
      const bool is_empty = change.a_begin == change.a_end && change.b_begin == change.b_end;
      if (!is_empty) JudgeChange(pair, change, has_turned, use);
    }
  }

  void JudgeDefinition(const ChangedPair& pair) {
    const int use = UseOfDefinition(b_, pair.b);
    if (use == 0) return;
    JudgeEach(pair, false, &use);
  }

  Effect EffectIn(const Span& span, const int* use) const {
    if (span.begin == span.end) return {};
    if (use == nullptr) return EffectOf(span, ForceAt(span), span.text->forces[span.begin]);
    WordForce force{*use > 0 ? Force::kGrant : Force::kBan, false, false, true};
    WordForce inside = force;
    const WordForce& here = ForceAt(span);
    force.is_turned = here.is_turned;
    inside.is_turned = span.text->forces[span.begin].is_turned;
    const ShiftWord* first = FirstOf(span);
    // What is counted in widens a definition, whatever it is.
    if (first != nullptr && (first->role == WordRole::kInclude ||
                             (IsListItem(span) && first->role == WordRole::kPlain)))
      return {inside.sign(), false, false, true, force.force};
    return EffectOf(span, force, inside);
  }

  void JudgeChange(const ChangedPair& pair, const WordChange& change, bool has_turned,
                   const int* use) {
    const Span gone = Settled({&a_, &a_.units[pair.a], change.a_begin, change.a_end});
    const Span come = Settled({&b_, &b_.units[pair.b], change.b_begin, change.b_end});
    if (const int moved =
            DirectionOfNumbers(gone.words(), come.words(), b_.words_of(b_.units[pair.b]));
        moved != 0)
      return Add(moved, false, pair, ForceAt(come).force, &change);
    if (JudgeJoint(pair, gone, come, change)) return;
    if (!has_turned && JudgeNegation(pair, gone, come)) return;
    const int before = WeightOfDuty(gone), after = WeightOfDuty(come);
    if (before > 0 && after > 0 && before != after && ForceAt(come).force == Force::kObligation)
      return Add(before > after ? 1 : -1, false, pair, Force::kObligation, &change);
    if (AreFree(gone.words()) && AreFree(come.words())) return;
    if (IsNeutralPlace(a_, b_, change)) return;
    Effect out = EffectIn(gone, use), in = EffectIn(come, use);
    out.direction = -out.direction;
    // Another verb of the same force, or a turn that the kept words have told already.
    if (IsVerb(gone) && IsVerb(come)) return;
    if (out.direction * in.direction < 0) {
      if (in.is_limit != out.is_limit)
        (in.is_limit ? out : in).direction = 0;
      else if (in.is_weak != out.is_weak)
        (in.is_weak ? in : out).direction = 0;
      else {
        out_.is_open = out_.is_open || in.is_telling || out.is_telling;
        return;
      }
    }
    const Effect& told = in.direction != 0 ? in : out;
    if (told.direction == 0) {
      out_.is_open = out_.is_open || (!has_turned && (HasForceWords(gone) || HasForceWords(come)));
      return;
    }
    Add(told.direction, told.is_weak, pair, told.force, &change);
  }

  // "are encouraged to", "must": says how, not what.
  static bool IsVerb(const Span& span) {
    return std::all_of(span.words().begin(), span.words().end(), [](const ShiftWord& word) {
      return IsForce(word.role) || word.role == WordRole::kStop || word.role == WordRole::kUser ||
             word.word == "to";
    });
  }

  static bool HasForceWords(const Span& span) {
    return std::any_of(span.words().begin(), span.words().end(), [](const ShiftWord& word) {
      return IsForce(word.role) || word.role == WordRole::kLimit;
    });
  }

  // "or" -> "and": fewer ways to meet a duty, fewer cases of a condition.
  bool JudgeJoint(const ChangedPair& pair, const Span& gone, const Span& come,
                  const WordChange& change) {
    const auto only = [](const Span& span) {
      return span.end - span.begin == 1 ? std::string_view(span.text->words[span.begin].word)
                                        : std::string_view();
    };
    const std::string_view before = only(gone), after = only(come);
    const bool to_and = before == "or" && after == "and", to_or = before == "and" && after == "or";
    if (!to_and && !to_or) return false;
    const WordForce& force = b_.forces[come.begin];
    int direction = 0;
    if (force.is_condition && SignOf(force.force) < 0) direction = 1;
    if (!force.is_condition && force.force == Force::kObligation) direction = -1;
    Add(to_and ? direction : -direction, true, pair, force.force, &change);
    return true;
  }

  const ClauseText& a_;
  const ClauseText& b_;
  const ClauseAlignment& alignment_;
  Judgement out_;
};

}  // namespace

Judgement JudgeChanges(const ClauseText& a, const ClauseText& b, const ClauseAlignment& alignment) {
  return ChangeJudge(a, b, alignment).Run();
}

}  // namespace modelwatch::evaluator
