// SPDX-License-Identifier: Apache-2.0
// Which parts the names of a release's files show.
#pragma once

#include <span>
#include <string>

#include "evaluator/openness/exhibit.h"

namespace modelwatch::evaluator {

// `paths` inside the release, all of them or only some (Exhibit.has_file_list). A README.md at the
// root is the model card. Linear in the paths; at most 100,000 of them are looked at.
void ShowFiles(std::span<const std::string> paths, Exhibit& exhibit);

}  // namespace modelwatch::evaluator
