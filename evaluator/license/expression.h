// SPDX-License-Identifier: Apache-2.0
// SPDX licence expressions: "MIT OR (Apache-2.0 WITH LLVM-exception)".
// Source: SPDX 2.3 annex D, https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace modelwatch::evaluator {

struct Expression {
  enum class Kind { kLicence, kAnd, kOr };
  Kind kind = Kind::kLicence;
  std::string licence;            // kLicence: id as written, "+" included
  std::string exception;          // kLicence: after WITH; empty when none
  std::vector<Expression> parts;  // kAnd, kOr: two or more
};

// Operators in any letter case. INVALID_ARGUMENT: not an expression, over 4 KiB, or nested deeper
// than 32.
[[nodiscard]] absl::StatusOr<Expression> ParseExpression(std::string_view text);

// Normal form: one space, upper-case operators, brackets only where needed, parts in given order.
[[nodiscard]] std::string FormatExpression(const Expression& expression);

}  // namespace modelwatch::evaluator
