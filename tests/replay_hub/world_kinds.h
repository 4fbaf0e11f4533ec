// SPDX-License-Identifier: Apache-2.0
// The kinds of world that `--world KIND:ARGUMENT` knows. A loader is one function in one file; it
// is entered in the table of world_kinds.cc.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "replay_hub/world.h"

namespace modelwatch::replay_hub {

// Fills `world` from what `argument` names: a file, a directory, a number. Several worlds may be
// loaded into one hub, one after the other. NOT_FOUND or INVALID_ARGUMENT say what, on what, why.
using LoadWorld = absl::Status (*)(std::string_view argument, World& world);

struct WorldKind {
  std::string_view name;      // "synthetic"
  std::string_view argument;  // "N", for the help text
  std::string_view help;
  LoadWorld load;
};

[[nodiscard]] const std::vector<WorldKind>& WorldKinds();

// Loads "KIND:ARGUMENT" into `world`. INVALID_ARGUMENT names the known kinds for an unknown one.
[[nodiscard]] absl::Status LoadWorldFrom(std::string_view kind_and_argument, World& world);

}  // namespace modelwatch::replay_hub
