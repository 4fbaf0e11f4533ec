// SPDX-License-Identifier: Apache-2.0
// A made-up world of any size, for benches and for tests that need no real names.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "replay_hub/world.h"

namespace modelwatch::replay_hub {

// Adds `argument` (a number, 1 to 10,000,000) releases named "org-K/model-N", the same ones every
// time: about one in 50 gated, a README.md each, a LICENSE file in every third (five texts, so that
// oids repeat as they do on the hub), an LFS weight file, some base models. Creation times are 37 s
// apart with ties. No moments. INVALID_ARGUMENT when it is not such a number.
[[nodiscard]] absl::Status LoadSyntheticWorld(std::string_view argument, World& world);

}  // namespace modelwatch::replay_hub
