// SPDX-License-Identifier: Apache-2.0
// Stories: what a hub showed, in order, and which alerts rules must make of it. `modelwatch policy
// test` runs them; docs/operations.md describes the language.
//
//   story A publisher takes commercial use away
//   at 2026-08-01 acme/model tag mit
//   at +2d acme/model tag cc-by-nc-4.0
//   expect swap-tighter critical
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace modelwatch::cli {

// An alert that must be raised; an empty word asks for nothing.
struct Expectation {
  int line = 0;
  std::string rule;
  std::string severity;  // "critical"
  std::string event;     // "E1"
  std::string release;   // "owner/name"
};

// What the hub shows of one release at a moment, as changes against what it showed before.
struct StoryStep {
  int line = 0;
  int64_t at_us = 0;                                         // hub time
  std::string release;                                       // empty: only time passes
  std::vector<std::pair<std::string, std::string>> changes;  // "tag" -> "mit"
  std::vector<Expectation> expected;                         // of what is told from here on
};

struct Story {
  std::string title;
  int line = 0;
  std::vector<StoryStep> steps;
};

// INVALID_ARGUMENT, "stories FILE, line N: what": an unknown word, a time that goes back, an
// expectation before anything happened, a file without a story.
[[nodiscard]] absl::StatusOr<std::vector<Story>> ParseStories(std::string_view text,
                                                              std::string_view file);

}  // namespace modelwatch::cli
