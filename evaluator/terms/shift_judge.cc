// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/shift_judge.h"

#include <algorithm>
#include <map>
#include <span>
#include <string_view>
#include <utility>

#include "evaluator/terms/shift_definitions.h"
#include "evaluator/terms/shift_effects.h"
#include "evaluator/terms/shift_notices.h"
#include "evaluator/terms/shift_numbers.h"
#include "evaluator/terms/shift_replaced.h"

namespace modelwatch::evaluator {
namespace {

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
    DropReplaced(a_, b_, out_.grounds);
    for (const ChangedPair& pair : alignment_.pairs) JudgePair(pair);
    return std::move(out_);
  }

 private:
  void AddUnit(uint32_t u, bool is_in_b) {
    const ClauseText& text = is_in_b ? b_ : a_;
    const ClauseUnit& unit = text.units[u];
    Effect effect = EffectOfUnit(text, unit);
    if (unit.kind == UnitKind::kDefinition && unit.defined_by != u) {
      effect.direction = UseOfDefinition(text, u);
      effect.force = effect.direction > 0 ? Force::kGrant : Force::kBan;
    }
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
    if (SignOf(ua.lead) == SignOf(ub.lead) && IsTurnedRound(pair)) return;
    const size_t before = out_.grounds.size();
    const bool has_turned = JudgeForces(pair);
    JudgeEach(pair, has_turned, nullptr);
    if (has_turned) DropSwallowed(before);
  }

  // The clause became a ban, or was one: what it asked for besides says nothing more.
  void DropSwallowed(size_t turned) {
    auto& grounds = out_.grounds;
    if (grounds[turned].force != Force::kBan) return;
    const int direction = grounds[turned].direction;
    grounds.erase(
        std::remove_if(grounds.begin() + static_cast<ptrdiff_t>(turned) + 1, grounds.end(),
                       [&](const Ground& ground) {
                         return ground.direction == -direction && IsSwallowedByBan(ground.force);
                       }),
        grounds.end());
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
      const auto words = span.words();
      const bool has_not = HasRole(words, WordRole::kNot) || HasRole(words, WordRole::kDoNot);
      return has_not && std::all_of(words.begin(), words.end(), [](const ShiftWord& word) {
               return word.role == WordRole::kNot || word.role == WordRole::kDoNot ||
                      word.role == WordRole::kStop || word.word == "deemed" ||
                      word.word == "considered" || word.word == "regarded";
             });
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

  // "You are the owner of your derivatives" -> "Foo is the owner of your derivatives".
  bool JudgeOwner(const ChangedPair& pair, const Span& gone, const Span& come) {
    const bool was_user = HasRole(gone.words(), WordRole::kUser);
    const bool is_user = HasRole(come.words(), WordRole::kUser);
    if (was_user == is_user || gone.begin == gone.end || come.begin == come.end) return false;
    const auto has = [](std::span<const ShiftWord> words, std::string_view list) {
      return std::any_of(words.begin(), words.end(), [&](const ShiftWord& word) {
        return list.find(" " + word.word + " ") != std::string_view::npos;
      });
    };
    const auto words = b_.words_of(b_.units[pair.b]);
    if (!has(words, " owner owners own owns ownership property ") ||
        !has(words, " output outputs derivative derivatives modifications improvements "))
      return false;
    Add(was_user ? -1 : 1, false, pair, Force::kPower, nullptr);
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

  // "provided that" -> "if": the same condition.
  bool IsSameCondition(const WordChange& change) const {
    const auto is_condition = [](const ClauseText& text, size_t begin, size_t end) {
      bool has_one = false;
      for (size_t i = begin; i < end; ++i) {
        const ShiftWord& word = text.words[i];
        const bool is_one = word.word == "providedthat" || word.word == "if" ||
                            word.word == "aslongas" || word.word == "subjectto";
        if (!is_one && word.role != WordRole::kStop && word.role != WordRole::kPermit) return false;
        has_one = has_one || is_one;
      }
      return has_one;
    };
    return is_condition(a_, change.a_begin, change.a_end) &&
           is_condition(b_, change.b_begin, change.b_end);
  }

  // Words that stayed and now stand under another force: "may" -> "may not".
  bool JudgeForces(const ChangedPair& pair) {
    const WordChange* cause = nullptr;
    for (const WordChange& change : pair.changes) {
      if (IsSameCondition(change)) continue;
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

  // "research [or non-commercial purposes]": not a limit of what stands before.
  static bool IsCountable(WordRole role) {
    return role == WordRole::kPlain || role == WordRole::kTopic || role == WordRole::kLimit;
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
    const bool is_counted_in =
        first != nullptr && (first->role == WordRole::kInclude ||
                             (IsListItem(span) && first->role == WordRole::kPlain) ||
                             (IsJoined(span) && IsCountable(first->role)));
    if (is_counted_in) return {inside.sign(), false, false, true, force.force};
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
    if (JudgeOwner(pair, gone, come)) return;
    if (!has_turned && JudgeNegation(pair, gone, come)) return;
    const int before = WeightOfDuty(gone), after = WeightOfDuty(come);
    if (before > 0 && after > 0 && before != after && ForceAt(come).force == Force::kObligation)
      return Add(before > after ? 1 : -1, false, pair, Force::kObligation, &change);
    if (AreFree(gone.words()) && AreFree(come.words())) return;
    if (IsSameCondition(change) || IsNeutralPlace(a_, b_, change)) return;
    if (IsSameForce(gone, come) && !TellsMore(gone) && !TellsMore(come)) return;
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
      const bool may_turn = !has_turned && (HasForceWords(gone) || HasForceWords(come));
      out_.is_open = out_.is_open || (may_turn && !IsSameForce(gone, come));
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

  // "may not provide" -> "must not offer".
  static bool IsSameForce(const Span& gone, const Span& come) {
    const auto last = [](const Span& span) -> const WordForce* {
      for (size_t i = span.end; i-- > span.begin;) {
        if (IsForce(span.text->words[i].role)) return &span.text->forces[i];
      }
      return nullptr;
    };
    const WordForce *before = last(gone), *after = last(come);
    return before != nullptr && after != nullptr && before->force == after->force &&
           before->is_turned == after->is_turned && !HasRole(gone.words(), WordRole::kLimit) &&
           !HasRole(come.words(), WordRole::kLimit);
  }

  // More than a verb of force and plain words.
  static bool TellsMore(const Span& span) {
    return std::any_of(span.words().begin(), span.words().end(), [](const ShiftWord& word) {
      return IsTellingRole(word.role) && !IsForce(word.role);
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
