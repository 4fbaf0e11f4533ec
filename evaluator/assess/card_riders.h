// SPDX-License-Identifier: Apache-2.0
// Terms that a card's own words add to the licence: "for research purposes only", "commercial use
// is prohibited". Patterns in riders.textproto.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "modelwatch/v1/judging.pb.h"

namespace modelwatch::evaluator {

struct Rider {
  std::string clause;     // "rider.research"
  std::string dimension;  // that it raises; empty for one that moves no scenario
  uint32_t line = 0;      // 1-based, of the card
  std::string text;       // the sentence as written, cut at 512 bytes
};

struct CardRiders {
  std::vector<Rider> riders;  // in reading order, at most 32
  v1::Dimensions dimensions;  // what they say together
};

// Pure; linear in the card, of which the first MiB is read. Code blocks, tables, and what stands
// below a heading about data, papers or other models are passed over. Only English is understood.
[[nodiscard]] CardRiders ReadRiders(std::string_view card);

// Digest of the patterns, 16 hex digits.
[[nodiscard]] std::string RiderDataDigest();

}  // namespace modelwatch::evaluator
