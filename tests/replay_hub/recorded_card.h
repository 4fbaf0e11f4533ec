// SPDX-License-Identifier: Apache-2.0
// A model card and hub metadata made of facts, for releases whose real card is not shipped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "replay_hub/release.h"

namespace modelwatch::replay_hub {

// What a source tells of a release's declared state at a moment.
struct CardFacts {
  std::string name;                   // "owner/name"
  std::vector<std::string> licences;  // values of `license:`, as given
  std::string license_name;           // "" = not declared
  std::string license_link;           // path of the licence file; "" = not declared
  std::string base_model;             // "owner/name"; "" = not declared
  std::string pipeline_tag;
  std::string library_name;
  std::string origin;  // where the facts were recorded; stands in the card's one sentence
};

// Front matter with what the facts declare, a heading and one sentence.
[[nodiscard]] std::string CardOf(const CardFacts& facts);

// What the hub would read out of that card: cardData, `license:` and `base_model:` tags.
[[nodiscard]] Metadata MetadataOf(const CardFacts& facts);

}  // namespace modelwatch::replay_hub
