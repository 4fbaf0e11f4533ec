// SPDX-License-Identifier: Apache-2.0
// Mutation: one thing that happens to the world at a moment of hub time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "replay_hub/release.h"

namespace modelwatch::replay_hub {

// A new release. Its name may be one that a deleted or renamed release had: the hub then answers
// with the new `_id` and the old alias is gone.
struct Create {
  Release release;
};
// A commit on the default branch: moves sha and lastModified (= commit.date_us, which may lie in
// the past or the future). `metadata` replaces the old when given.
struct Push {
  std::string release_id;
  Commit commit;
  std::optional<Metadata> metadata;
};
// The hub parsed the card again: moves neither sha nor lastModified.
struct SetMetadata {
  std::string release_id;
  Metadata metadata;
};
struct SetGate {
  std::string release_id;
  Gate gate = Gate::kOpen;
};
struct SetDisabled {
  std::string release_id;
  bool disabled = true;
};
struct SetPrivate {
  std::string release_id;
  bool is_private = true;
};
struct Delete {
  std::string release_id;
};
// The release is back under the same `_id` and name.
struct Restore {
  std::string release_id;
};
// The old name becomes an alias: 307 to the new one.
struct Rename {
  std::string release_id;
  std::string new_name;
};
struct SetCounts {
  std::string release_id;
  uint64_t downloads = 0;
  uint64_t likes = 0;
  int64_t trending_score = 0;
};

using Mutation = std::variant<Create, Push, SetMetadata, SetGate, SetDisabled, SetPrivate, Delete,
                              Restore, Rename, SetCounts>;

// "create", "push", ...: for logs, and the fields of a webhook.
[[nodiscard]] const char* MutationWord(const Mutation& mutation);

}  // namespace modelwatch::replay_hub
