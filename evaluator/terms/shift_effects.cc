// SPDX-License-Identifier: Apache-2.0
#include "evaluator/terms/shift_effects.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "evaluator/terms/shift_notices.h"

namespace modelwatch::evaluator {

bool HasRole(std::span<const ShiftWord> words, WordRole role) {
  return std::any_of(words.begin(), words.end(),
                     [&](const ShiftWord& word) { return word.role == role; });
}

bool AreFree(std::span<const ShiftWord> words) {
  return std::all_of(words.begin(), words.end(), [](const ShiftWord& word) {
    return word.is_free || word.role == WordRole::kStop;
  });
}

WordForce ForceAt(const Span& span) {
  if (span.begin > span.unit->begin) return span.text->forces[span.begin - 1];
  if (span.end < span.unit->end) return span.text->forces[span.end];
  return {span.unit->lead, false, false, false};
}

namespace {

bool IsJoint(const ShiftWord& word) { return word.word == "or" || word.word == "and"; }

bool IsOneOf(std::string_view word, std::string_view list) {
  return list.find(std::string(" ") + std::string(word) + " ") != std::string_view::npos;
}

// "in the EU, [by banks,] are permitted": set off by a comma, but no item of a list, for no other
// item of the clause begins like it.
bool IsAsideLimit(const Span& span) {
  const auto& words = span.text->words;
  const ShiftWord& first = words[span.begin];
  if (first.role != WordRole::kNarrow || !first.after_comma || first.after_colon) return false;
  for (size_t w = span.unit->begin; w < span.unit->end; ++w) {
    if (w >= span.begin && w < span.end) continue;
    const bool begins = w == span.unit->begin || words[w].after_comma || IsJoint(words[w - 1]);
    if (begins && words[w].word == first.word) return false;
  }
  return true;
}

}  // namespace

bool IsJoined(const Span& span) {
  const auto& words = span.text->words;
  return IsJoint(words[span.begin]) || IsJoint(words[span.end - 1]) ||
         (span.begin > span.unit->begin && IsJoint(words[span.begin - 1]));
}

bool IsListItem(const Span& span) {
  const auto& words = span.text->words;
  if (IsJoint(words[span.begin])) return true;
  if (span.begin == span.unit->begin) return IsJoint(words[span.end - 1]);
  if (IsAsideLimit(span)) return false;
  return words[span.begin].after_comma || IsJoint(words[span.begin - 1]);
}

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

namespace {

// The same as an item, told by what follows: "use[, copy], modify".
bool IsListMiddle(const Span& span) {
  const auto& words = span.text->words;
  return span.begin > span.unit->begin && span.end < span.unit->end &&
         (IsJoint(words[span.end - 1]) || words[span.end].after_comma || IsJoint(words[span.end]));
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

// Commercial, a region, an amount.
bool IsSubject(const ShiftWord& word) {
  return word.role == WordRole::kTopic || word.role == WordRole::kPlace ||
         word.role == WordRole::kNumber;
}

}  // namespace

Effect EffectOf(const Span& span, const WordForce& at, const WordForce& inside) {
  const ShiftWord* first = FirstOf(span);
  if (first == nullptr) return {};
  const auto words = span.words();
  const int sign = at.sign();
  // "reasonable efforts to": softens a duty, whatever verb leads it in.
  const bool is_softened = std::any_of(words.begin(), words.end(), [](const ShiftWord& word) {
    return word.word == "reasonableefforts";
  });
  if (is_softened) return {-sign, false, false, true, at.force};
  if (const Effect own = EffectOfOwnForce(span); own.direction != 0) return own;
  const size_t lead = std::min<size_t>(words.size(), 3);
  if (HasRole(words.first(lead), WordRole::kExcept))
    return {sign == 0 ? -1 : -sign, false, true, true, at.force};
  if (first->role == WordRole::kIf) return {-sign, false, false, true, at.force};
  if (HasRole(words, WordRole::kWiden)) return {sign, false, false, true, at.force};
  if (HasRole(words, WordRole::kLimit)) return {sign < 0 ? 1 : -1, sign < 0, true, true, at.force};
  if (HasRole(words, WordRole::kBonus)) return {sign < 0 ? 0 : 1, false, false, true, at.force};
  if (IsListItem(span)) return EffectOfList(span, inside);
  const bool is_topic = std::any_of(words.begin(), words.end(), IsSubject);
  if (first->role == WordRole::kNarrow && is_topic) return {-sign, false, false, true, at.force};
  if (IsListMiddle(span)) return EffectOfList(span, inside);
  if (first->role == WordRole::kInclude) return {inside.sign(), true, false, is_topic, at.force};
  if (is_topic) return {-sign, true, false, true, at.force};
  return {};
}

namespace {

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

// "This license is granted for one year": what is given ends by itself.
bool IsForATime(std::span<const ShiftWord> words) {
  for (size_t i = 0; i + 2 < words.size(); ++i) {
    if (!IsOneOf(words[i].word, " for within until expires ends ")) continue;
    const auto near = words.subspan(i + 1, std::min<size_t>(words.size() - i - 1, 4));
    const bool has_number = HasRole(near, WordRole::kNumber);
    const bool has_unit = std::any_of(near.begin(), near.end(), [](const ShiftWord& word) {
      return IsOneOf(word.word, " day days week weeks month months year years ");
    });
    if (has_number && has_unit) return HasRole(words, WordRole::kStanding);
  }
  return false;
}

// "Outputs are derivatives", "outputs are not deemed derivatives": what counts as what the text
// binds. +1: less counts; 0: says nothing of the sort.
int SignOfCounting(std::span<const ShiftWord> words) {
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    if (!IsOneOf(words[i].word, " are is deemed considered include includes constitute ")) continue;
    const auto before = words.first(i), after = words.subspan(i + 1);
    const auto binds = [](const ShiftWord& word) {
      return IsOneOf(word.word, " derivative derivatives ");
    };
    const auto counted = [](const ShiftWord& word) {
      return IsOneOf(word.word, " output outputs result results adapter adapters lora loras ");
    };
    const bool is_said = (std::any_of(before.begin(), before.end(), counted) &&
                          std::any_of(after.begin(), after.end(), binds)) ||
                         (std::any_of(before.begin(), before.end(), binds) &&
                          std::any_of(after.begin(), after.end(), counted));
    if (!is_said) continue;
    const bool is_negated = HasRole(words, WordRole::kNot) || HasRole(words, WordRole::kNo) ||
                            HasRole(words, WordRole::kDoNot) || HasRole(words, WordRole::kExcept);
    return is_negated ? 1 : -1;
  }
  return 0;
}

}  // namespace

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
  if (first == Force::kNone || first == Force::kBan) {
    if (const int sign = SignOfCounting(words); sign != 0)
      return {sign, false, false, true, Force::kObligation};
  }
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
  if (SignOf(first) > 0 &&
      (worst == Force::kBan || (first == Force::kGrant && (has_limit || IsForATime(words)))))
    return {-1, false, true, true, Force::kBan};
  return {SignOf(first), false, false, true, first};
}

}  // namespace modelwatch::evaluator
