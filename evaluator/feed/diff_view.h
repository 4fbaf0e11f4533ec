// SPDX-License-Identifier: Apache-2.0
// Two texts compared, for reading: changed words marked, lines numbered, long equal parts folded.
#pragma once

#include <cstdint>
#include <set>
#include <string_view>

#include "evaluator/feed/markup.h"

namespace modelwatch::evaluator {

// Writes the comparison; says so when the texts are equal. Lines whose number in the new text is in
// `causes` are marked as what the alert rests on. Each line can be linked to: #old-12, #new-12.
// Understandable without colour: lines carry a sign, words stand in <del> and <ins>. Bounded:
// beyond some thousand lines the equal parts are left out, and it says so.
void WriteTextDiff(Markup& page, std::string_view old_text, std::string_view new_text,
                   const std::set<uint32_t>& causes);

}  // namespace modelwatch::evaluator
