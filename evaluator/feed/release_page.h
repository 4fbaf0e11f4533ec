// SPDX-License-Identifier: Apache-2.0
// One release: how things stand, and its versions, newest first.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "evaluator/feed/page.h"

namespace modelwatch::evaluator {

// HTML. `id` in the query finds the release by its key, also after a rename; without it the present
// holder of the name is shown. NOT_FOUND: never seen; else as the reader fails.
[[nodiscard]] absl::StatusOr<std::string> ReleasePage(const PageSource& source,
                                                      std::string_view hub, std::string_view name,
                                                      const Query& query);

}  // namespace modelwatch::evaluator
