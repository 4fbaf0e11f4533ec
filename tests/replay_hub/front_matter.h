// SPDX-License-Identifier: Apache-2.0
// The metadata block of a model card, read as the hub reads it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace modelwatch::replay_hub {

enum class FrontMatterState {
  kAbsent,        // the card does not begin with a block
  kUnterminated,  // it begins with one that never ends
  kBroken,        // the block is not YAML, or not a mapping, or names a key twice
  kRead,
};

// The block between the first two "---" lines. White space before the first one is allowed, as in
// huggingface_hub's REGEX_YAML_BLOCK (repocard_data.py, read 2026-08-20).
struct FrontMatter {
  FrontMatterState state = FrontMatterState::kAbsent;
  std::string_view yaml;  // into the card; set when the block is terminated
  std::string card_data;  // JSON object, as `cardData`; empty unless kRead
};

[[nodiscard]] FrontMatter ReadFrontMatter(std::string_view card);

}  // namespace modelwatch::replay_hub
