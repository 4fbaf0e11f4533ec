// SPDX-License-Identifier: Apache-2.0
// Which way a changed threshold or period moves the terms.
#pragma once

#include <span>

#include "evaluator/terms/shift_words.h"

namespace modelwatch::evaluator {

// `gone` was replaced by `come` inside `clause`: -1 tighter, +1 looser, 0 no threshold moved.
[[nodiscard]] int DirectionOfNumbers(std::span<const ShiftWord> gone,
                                     std::span<const ShiftWord> come,
                                     std::span<const ShiftWord> clause);

}  // namespace modelwatch::evaluator
