// SPDX-License-Identifier: Apache-2.0
// Parts of standard texts that a copy may leave out and still be complete: the appendix on how to
// apply the licence, the steward's preamble about itself.
#pragma once

#include <vector>

#include "evaluator/license/tokens.h"

namespace modelwatch::evaluator {

// Sets kOptionalMark on them. Linear in the length.
void MarkOptionalParts(std::vector<Token>& tokens);

}  // namespace modelwatch::evaluator
