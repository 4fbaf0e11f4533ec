// SPDX-License-Identifier: Apache-2.0
// The files under evaluator/feed/site, embedded into the program at build time.
#pragma once

#include <string>
#include <string_view>

namespace modelwatch::evaluator {

// Source: evaluator/feed/site/style.css and icon.svg; written by embed.cmake.
extern const std::string_view kStyleSheet;
extern const std::string_view kIcon;

// "/site/style.css?v=1f0c...": changes with the content, so that it may be kept for long.
[[nodiscard]] const std::string& StylePath();

}  // namespace modelwatch::evaluator
