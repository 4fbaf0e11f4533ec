// SPDX-License-Identifier: Apache-2.0
// Families: successive releases of one publisher's line, recognised by their names, and whether a
// new one has tighter terms than the one it follows.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evaluator/terms/terms_table.h"
#include "modelwatch/v1/assessment.pb.h"

namespace modelwatch::evaluator {

// What the name of a release says of its place in a line. "Qwen/Qwen2.5-72B-Instruct-AWQ" is series
// "qwen" of publisher "qwen", version 2.5, 72 billion, variant "instruct", of another format.
struct FamilyName {
  std::string publisher;             // lower case
  std::string series;                // words before the version, e.g. "qwen", "deepseek v"
  std::vector<uint32_t> version;     // {2, 5}; empty when the name has none
  double size_b = 0;                 // billions of parameters; 0 when the name has none
  std::vector<std::string> variant;  // other words, sorted: "coder", "instruct", "vl"
  uint32_t date = 0;                 // yyyymmdd, parts that are not said 0; 0 when none
  bool is_other_format = false;      // a quantised or converted copy
};

// Never fails: what is no number, size, date or format is a word of series or variant.
[[nodiscard]] FamilyName ParseFamilyName(std::string_view release_name);

// -1, 0 or 1 as `left` is older than, level with or newer than `right` in its line: by version
// (none counts as 1), then by date where both have one. REQUIRES: same series.
[[nodiscard]] int CompareAge(const FamilyName& left, const FamilyName& right);

// One release of a publisher, as a candidate for the predecessor.
struct FamilyMember {
  const v1::Assessment* assessment = nullptr;  // required: its newest
  int64_t created_at_us = 0;                   // at the hub
};

// The newest older release of the same publisher, series and variant, of comparable size: within a
// factor of 2.5, or the largest of its version when the newer one is larger than all that is here.
// Not a quantised copy, and created before. Null when there is none.
[[nodiscard]] const FamilyMember* FindPredecessor(const v1::Assessment& newer,
                                                  int64_t created_at_us,
                                                  std::span<const FamilyMember> members);

// E12 when the newer release took a core use that the predecessor allowed, or prohibits another,
// and gave none; how a licence stands for its holder (suits, revocation) counts on neither side.
// Access of the two is not compared.
[[nodiscard]] std::optional<v1::Event> RegressionEvent(const TermsTable& table,
                                                       const v1::Assessment& newer,
                                                       const v1::Assessment& predecessor);

// The start of the names among which a predecessor is to be looked for: "Qwen/Qwen". Empty when the
// name has no publisher.
[[nodiscard]] std::string FamilyPrefix(std::string_view release_name);

}  // namespace modelwatch::evaluator
