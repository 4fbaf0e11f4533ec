// SPDX-License-Identifier: Apache-2.0
// A watch list file: which releases a person wants to hear of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace modelwatch::cli {

// One pattern a line: "owner/name", "owner" (all of a publisher), or a glob such as
// "owner/llama-*". Letter case does not matter; empty lines and what follows '#' are ignored.
class Watchlist {
 public:
  // An empty list watches everything.
  Watchlist() = default;

  // NOT_FOUND: the file cannot be read. INVALID_ARGUMENT: it names nothing.
  [[nodiscard]] static absl::StatusOr<Watchlist> Load(const std::string& path);

  [[nodiscard]] bool Covers(std::string_view release_name) const;

  [[nodiscard]] const std::vector<std::string>& patterns() const { return patterns_; }

 private:
  std::vector<std::string> patterns_;
};

}  // namespace modelwatch::cli
