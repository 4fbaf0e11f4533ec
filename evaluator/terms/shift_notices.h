// SPDX-License-Identifier: Apache-2.0
// Clauses and words that come and go without moving the terms of the text itself.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "evaluator/terms/shift_align.h"
#include "evaluator/terms/shift_units.h"

namespace modelwatch::evaluator {

// For each of `units` (whole clauses that came or went, ascending), whether it belongs to a notice
// about a third party's part. A clause in such a block that speaks of what only this text could
// mean (models, outputs, commerce, regions, thresholds) is not excused.
[[nodiscard]] std::vector<bool> NoticeUnits(const ClauseText& text,
                                            const std::vector<uint32_t>& units);

// Whether the clauses that came are the text once more in Chinese: so many that they are no
// addition to it, in a script that `before` does not have.
[[nodiscard]] bool IsTranslation(const ClauseText& text, const std::vector<uint32_t>& units,
                                 const ClauseText& before);

// "The terms of this license apply only to the application": says what is covered, not what is
// allowed.
[[nodiscard]] bool IsScopeNote(std::span<const ShiftWord> words);

// A blank filled in, a holder named, a name put for another.
[[nodiscard]] bool IsNeutralPlace(const ClauseText& a, const ClauseText& b,
                                  const WordChange& change);

}  // namespace modelwatch::evaluator
