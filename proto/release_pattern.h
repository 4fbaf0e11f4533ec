// SPDX-License-Identifier: Apache-2.0
// Patterns by which rules and watch lists name releases.
#pragma once

#include <string_view>

namespace modelwatch::proto {

// "owner/name", "owner" (all of a publisher), or a glob of either such as "owner/llama-*". Letter
// case does not matter. An empty pattern matches nothing.
[[nodiscard]] bool MatchesRelease(std::string_view pattern, std::string_view release_name);

}  // namespace modelwatch::proto
