// SPDX-License-Identifier: Apache-2.0
// What each changed clause does to the user: gives, takes, or neither.
//
// Adding to what is permitted gives, adding to what is banned or required takes; a limit, a
// condition or an exception does the reverse of what it limits. So the direction of a change is
// read off the force that it stands under, whether or not anybody knows the subject.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "evaluator/terms/shift_align.h"
#include "evaluator/terms/shift_units.h"

namespace modelwatch::evaluator {

struct Ground {
  int direction = 0;                    // of going from a to b: +1 gives, -1 takes
  bool is_weak = false;                 // wording that a clear ground outweighs
  bool is_in_b = false;                 // the clause that takes stands in b, else in a
  uint32_t unit = 0;                    // that clause
  Force force = Force::kNone;           // what it does
  std::vector<const ShiftWord*> words;  // that came or went; of the text that has them
};

struct Judgement {
  std::vector<Ground> grounds;
  // Words of force changed and no ground came of it.
  bool is_open = false;
};

// `a` and `b` must outlive the judgement.
[[nodiscard]] Judgement JudgeChanges(const ClauseText& a, const ClauseText& b,
                                     const ClauseAlignment& alignment);

}  // namespace modelwatch::evaluator
