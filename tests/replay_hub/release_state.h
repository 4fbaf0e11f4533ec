// SPDX-License-Identifier: Apache-2.0
// ReleaseState: a release as it is at one moment, with its JSON rendered.
#pragma once

#include <memory>
#include <utility>

#include "replay_hub/release.h"
#include "replay_hub/rows.h"

namespace modelwatch::replay_hub {

// Immutable: a mutation makes a new one, and whoever still writes the old into a socket keeps it
// alive (hence shared, not unique).
struct ReleaseState {
  explicit ReleaseState(Release of) : release(std::move(of)), rows(release) {}
  // Of a release that differs in `keys` alone from the one that `like` was made of.
  ReleaseState(Release of, const Rows& like, RowKeys keys)
      : release(std::move(of)), rows(release, like, keys) {}
  const Release release;
  const Rows rows;
};
using ReleasePtr = std::shared_ptr<const ReleaseState>;

}  // namespace modelwatch::replay_hub
