// SPDX-License-Identifier: Apache-2.0
// Which lines of a text are copyright lines and titles: what may differ between two copies of one
// licence. Part of the tokeniser (tokens.h).
#pragma once

#include <string_view>
#include <vector>

#include "evaluator/license/tokens.h"

namespace modelwatch::evaluator {

// Adds kCopyrightMark and kTitleMark to the tokens of such lines. `tokens` are those of `text`, in
// order. Pure; linear.
void MarkLines(std::string_view text, std::vector<Token>& tokens);

}  // namespace modelwatch::evaluator
