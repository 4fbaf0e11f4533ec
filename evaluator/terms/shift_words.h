// SPDX-License-Identifier: Apache-2.0
// The words by which two texts are compared clause by clause: those that say nothing are left out,
// those that mean the same are one word, and each knows what it does to the force of a clause.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evaluator/license/tokens.h"

namespace modelwatch::evaluator {

// What a word does where it stands.
enum class WordRole : uint8_t {
  kPlain,
  kStop,      // says nothing by itself: of, such, herein
  kMay,       // may, can
  kMayNot,    // may not, cannot, 不得
  kMust,      // must, shall
  kWill,      // will: a duty of the user, else nothing
  kShould,    // should, please
  kDoNot,     // do not, does not
  kGrant,     // grants, granted
  kPermit,    // permitted, allowed, free to
  kProhibit,  // prohibited, refrain from, agree not to
  kRequire,   // required, agrees to, on condition that
  kReserve,   // reserves the right
  kEnd,       // terminate, revoke: of the licence, not of the user
  kNo,        // no, nor, nothing
  kNot,       // not
  kExcept,    // except, unless, outside: what follows is the opposite
  kIf,        // if, when, provided: what follows narrows
  kLimit,     // only, solely, non-commercial: narrows, whatever is said
  kBonus,     // perpetual, worldwide, royalty-free: widens a grant
  kWiden,     // at any time, without notice: lifts a limit
  kNarrow,    // for, in, to the extent: what follows narrows
  kInclude,   // including: what follows is part of what stands before
  kUser,      // you, licensee
  kLicensor,  // we, licensor
  kStanding,  // license, agreement, rights: what can end
  kRule,      // restriction, section: what can cease to apply
  kTopic,     // a word that terms turn on: commercial, military, output
  kPlace,     // a country or a union of countries
  kNumber,    // a threshold: word is "#" and the value
};

struct ShiftWord {
  std::string word;  // as compared: equal words mean the same
  WordRole role = WordRole::kPlain;
  uint32_t line = 0;
  size_t token = 0;            // of the text's tokens
  size_t token_end = 0;        // behind the last token it was made of
  double value = 0;            // of a number
  bool after_comma = false;    // a comma, a slash, a colon or a list mark stands before
  bool after_colon = false;    // a colon stands before: the first item of a list
  bool after_bracket = false;  // a bracket closes before
  bool is_free = false;        // of a holder, a title or a blank: may change without effect
  bool is_capital = false;     // written with a capital letter: maybe a name
};

// The words of tokens [begin, end) of `text`. Linear.
[[nodiscard]] std::vector<ShiftWord> WordsOf(std::string_view text, std::span<const Token> tokens,
                                             size_t begin, size_t end);

// Words that set the force of a clause (kMay to kNot).
[[nodiscard]] bool IsForce(WordRole role);
// Words whose coming or going is never mere wording.
[[nodiscard]] bool IsTellingRole(WordRole role);

}  // namespace modelwatch::evaluator
