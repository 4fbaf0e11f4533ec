// SPDX-License-Identifier: Apache-2.0
// The force that each word of one clause stands under.
#pragma once

#include <span>
#include <vector>

#include "evaluator/terms/shift_units.h"

namespace modelwatch::evaluator {

// `lead` is the force of the words that lead the clause in: it holds until the clause says
// otherwise. Linear.
[[nodiscard]] std::vector<WordForce> ForcesOf(std::span<const ShiftWord> words, Force lead);

}  // namespace modelwatch::evaluator
