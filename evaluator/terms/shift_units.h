// SPDX-License-Identifier: Apache-2.0
// A licence text as clauses, each with the force that it lays on every one of its words.
//
// The force is read from the words of permission, duty and ban as they stand: "you may" permits
// what follows, "provided that" makes a duty of it, "except" turns it round. A list item has the
// force of the words that lead its list in.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evaluator/license/tokens.h"
#include "evaluator/terms/clauses.h"
#include "evaluator/terms/shift_words.h"

namespace modelwatch::evaluator {

// Ascending by how much it takes from the user; kPromise is what the licensor may not do.
enum class Force : uint8_t { kGrant, kPromise, kNone, kPlea, kObligation, kPower, kBan };

// +1 gives, -1 takes, 0 neither.
[[nodiscard]] int SignOf(Force force);

struct WordForce {
  Force force = Force::kNone;
  bool is_turned = false;     // behind "except": the opposite of the force
  bool is_condition = false;  // behind "if"
  bool is_own = false;        // set by a word of the clause itself, not inherited
  // What widening the scope of this word does: +1 gives more, -1 takes more.
  [[nodiscard]] int sign() const { return is_turned ? -SignOf(force) : SignOf(force); }
};

enum class UnitKind : uint8_t {
  kClause,
  kHeading,
  kDefinition,
  kDisclaimer,  // of warranty and liability: what it says is not among the terms
  kFormality,   // governing law, courts, how the terms are accepted
};

struct ClauseUnit {
  UnitKind kind = UnitKind::kClause;
  size_t sentence = 0;  // index into ClauseText::sentences
  size_t begin = 0;     // [begin, end) of ClauseText::words
  size_t end = 0;
  Force lead = Force::kNone;  // of the words that lead the list in, for a list item
  bool is_item = false;
  // Of a definition: the unit that names its term; another one for an item of its list.
  uint32_t defined_by = 0;
};

struct ClauseText {
  std::vector<Token> tokens;
  std::vector<Sentence> sentences;
  std::vector<ShiftWord> words;
  std::vector<WordForce> forces;  // one a word
  std::vector<uint32_t> unit_of;  // one a word
  std::vector<ClauseUnit> units;  // in reading order; without those of no words

  [[nodiscard]] std::span<const ShiftWord> words_of(const ClauseUnit& unit) const {
    return std::span(words).subspan(unit.begin, unit.end - unit.begin);
  }
  [[nodiscard]] std::span<const WordForce> forces_of(const ClauseUnit& unit) const {
    return std::span(forces).subspan(unit.begin, unit.end - unit.begin);
  }
};

// Linear in the text, of which tokens.h reads the first MiB.
[[nodiscard]] ClauseText ReadUnits(std::string_view text);

}  // namespace modelwatch::evaluator
