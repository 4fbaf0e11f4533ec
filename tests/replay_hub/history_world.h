// SPDX-License-Identifier: Apache-2.0
// The recorded history shipped with the project: releases.csv and moments.csv (their columns:
// tests/replay_hub/recorded/README.md).
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "replay_hub/world.h"

namespace modelwatch::replay_hub {

// `argument` is DIR or DIR,LICENCES: the directory of the tables, and that of the corpus's .LICENSE
// files. Without LICENCES they are licences/scancode/licenses below $MODELWATCH_DEPS, else below
// the .deps that deploy/setup.sh made in the checkout that DIR belongs to (DIR/../../../.deps).
//
// Every release is created at its own date, so hub time begins before the first of them. Licence
// files are corpus texts with the edits the row names; cards are made of the facts.
// NOT_FOUND, FAILED_PRECONDITION (corpus not installed) and INVALID_ARGUMENT name file and row.
[[nodiscard]] absl::Status LoadHistoryWorld(std::string_view argument, World& world);

}  // namespace modelwatch::replay_hub
