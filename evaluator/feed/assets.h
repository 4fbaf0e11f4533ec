// SPDX-License-Identifier: Apache-2.0
// The files under evaluator/feed/site, embedded into the program at build time.
#pragma once

#include <string>

namespace modelwatch::evaluator {

// Contents of site/style.css and site/icon.svg; made by mw_embed.
extern const char kStyleSheet[];
extern const char kIcon[];

// "/site/style.css?v=1f0c...": changes with the content, so that it may be kept for long.
[[nodiscard]] const std::string& StylePath();

}  // namespace modelwatch::evaluator
