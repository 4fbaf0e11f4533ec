// SPDX-License-Identifier: Apache-2.0
// What widening a definition does: it depends on what the text does with the defined term.
#pragma once

#include <cstdint>

#include "evaluator/terms/shift_units.h"

namespace modelwatch::evaluator {

// +1 when a wider term gives more ("Permitted Purpose"), -1 when it takes more ("Derivatives",
// "Commercial Use"), 0 for what the text is about ("the Model"), where it is a matter of scope.
// Linear in the text.
[[nodiscard]] int UseOfDefinition(const ClauseText& text, uint32_t unit);

}  // namespace modelwatch::evaluator
