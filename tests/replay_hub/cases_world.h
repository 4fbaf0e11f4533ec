// SPDX-License-Identifier: Apache-2.0
// A small made-up world with every case of the protocol in it, for tests of clients.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "replay_hub/world.h"

namespace modelwatch::replay_hub {

// Adds, whatever `argument` says:
//
//   acme/open      three commits, tag v1.0 on the second, files in directories, a 300,000-byte LFS
//                  file with real bytes, base model acme/base, licence apache-2.0
//   acme/base      licence mit; also known as acme/old-base and, as a legacy name, "base"
//   acme/manual    gated by hand          acme/auto      gated automatically
//   acme/disabled  taken down             acme/private   private        acme/removed   removed
//   acme/Other     licence other with name and link, two licences in its card, Unicode in its tags
//
// and moments, one a day from 2026-03-02T00:00:00Z: push to acme/open, back-dated push to
// acme/base, future-dated push to acme/Other, gate acme/base, open it, disable acme/auto, delete
// acme/manual, rename acme/Other to acme/renamed, a new release takes the name acme/Other, restore
// acme/manual.
[[nodiscard]] absl::Status LoadCasesWorld(std::string_view argument, World& world);

}  // namespace modelwatch::replay_hub
