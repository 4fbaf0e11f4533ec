// SPDX-License-Identifier: Apache-2.0
// The name of a licence that no corpus knows, from its own title.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "evaluator/license/tokens.h"

namespace modelwatch::evaluator {

// "LicenseRef-Example-Model-License-2.0" from a title of these words: those of the first line that
// speaks of a licence or an agreement, in English or Chinese, as far as an SPDX id may hold them.
// Where the title has no such word but in Chinese, the first name in Latin letters below stands for
// it. Empty when none of the first lines is a title, or nothing names it.
[[nodiscard]] std::string NameFromTitle(std::string_view text, const std::vector<Token>& tokens);

}  // namespace modelwatch::evaluator
