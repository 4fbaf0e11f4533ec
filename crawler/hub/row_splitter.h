// SPDX-License-Identifier: Apache-2.0
// Cuts a JSON array into its elements without parsing them, so that one broken element cannot take
// the others with it. (A JSON parser refuses the whole page for one bad byte in one row.)
#pragma once

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace modelwatch::crawler {

// Views into `body`, in order. Only strings and brackets are looked at, any depth of them.
// INVALID_ARGUMENT: the body does not begin with an array, or ends inside it.
[[nodiscard]] absl::StatusOr<std::vector<std::string_view>> SplitRows(std::string_view body);

}  // namespace modelwatch::crawler
