// SPDX-License-Identifier: Apache-2.0
// One alert: what changed for whom, the evidence on both sides, and the texts compared.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "evaluator/feed/page.h"

namespace modelwatch::evaluator {

// HTML. NOT_FOUND: no alert has this sequence; else as the reader fails.
[[nodiscard]] absl::StatusOr<std::string> AlertPage(const PageSource& source, uint64_t sequence);

}  // namespace modelwatch::evaluator
