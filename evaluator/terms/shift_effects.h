// SPDX-License-Identifier: Apache-2.0
// What words do to the user when they are put into a clause, read off the force of the place.
#pragma once

#include <cstddef>
#include <span>

#include "evaluator/terms/shift_units.h"

namespace modelwatch::evaluator {

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

[[nodiscard]] bool HasRole(std::span<const ShiftWord> words, WordRole role);
// A holder, a title, a filled blank.
[[nodiscard]] bool AreFree(std::span<const ShiftWord> words);
// The force that the place itself has, before what is put in says anything.
[[nodiscard]] WordForce ForceAt(const Span& span);
// Set off by a comma or a joint: ", or for gambling".
[[nodiscard]] bool IsListItem(const Span& span);
// The same with "or" or "and".
[[nodiscard]] bool IsJoined(const Span& span);
// "publicly [display, publicly] perform" is "[publicly display,] publicly perform": the same words
// put in, at the place where they read as a phrase.
[[nodiscard]] Span Settled(Span span);
// The first word that says something; null when none does.
[[nodiscard]] const ShiftWord* FirstOf(const Span& span);

// Of putting the words in: `at` is the force in front of them, `inside` that of the words.
[[nodiscard]] Effect EffectOf(const Span& span, const WordForce& at, const WordForce& inside);
// Of adding the whole clause.
[[nodiscard]] Effect EffectOfUnit(const ClauseText& text, const ClauseUnit& unit);

}  // namespace modelwatch::evaluator
