// SPDX-License-Identifier: Apache-2.0
// "SPDX-License-Identifier:" lines of a text.
// Source: SPDX 2.3 annex E,
// https://spdx.github.io/spdx-spec/v2.3/using-SPDX-short-identifiers-in-source-files.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "evaluator/license/corpus.h"
#include "evaluator/license/expression.h"
#include "evaluator/license/tokens.h"

namespace modelwatch::evaluator {

struct SpdxTag {
  Expression expression;
  size_t begin = 0, end = 0;  // [begin, end) tokens of the line from the tag on
};

// Every tag whose value is an expression, or begins with one, in reading order; at most 64. Comment
// ends and quotes after the value are dropped; ids that stand side by side, as old U-Boot files
// have them, are a choice.
[[nodiscard]] std::vector<SpdxTag> FindSpdxTags(std::string_view text,
                                                const std::vector<Token>& tokens);

// The ids of an expression, exceptions included, in order, each once.
struct NamedLicence {
  std::string id;
  uint32_t role = 0;  // v1::LicenceRole
};
[[nodiscard]] std::vector<NamedLicence> LicencesIn(const Expression& expression);

}  // namespace modelwatch::evaluator
