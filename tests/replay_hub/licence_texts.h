// SPDX-License-Identifier: Apache-2.0
// Licence texts of the installed corpus package, and the small edits that real repositories made to
// them. The texts themselves are never part of this project.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>

#include "absl/status/statusor.h"

namespace modelwatch::replay_hub {

// Reads each text once. Not thread-safe.
class LicenceTexts {
 public:
  // `directory` holds <key>.LICENSE files: YAML front matter between "---" lines, then the text
  // (ScanCode licence data). It is not read before the first call.
  explicit LicenceTexts(std::filesystem::path directory) : directory_(std::move(directory)) {}

  // The text as it stands in the corpus. FAILED_PRECONDITION when the corpus is not installed,
  // NOT_FOUND when it has no such key.
  [[nodiscard]] absl::StatusOr<std::string> Text(std::string_view key);

  // The text with `edits`, a list joined by ";":
  //   year=2024            fills [yyyy] and <year>
  //   holder=Acme, Inc     fills [name of copyright owner], <holder>; or, where the text has no
  //                        blank, stands in a copyright line above it (with the year)
  //   append=KEY:TITLE     a third party's licence below, under a heading
  //   omit-word=N          leaves out the N-th word, from 0; words are runs of letters, digits, _
  // INVALID_ARGUMENT for any other edit.
  [[nodiscard]] absl::StatusOr<std::string> Edited(std::string_view key, std::string_view edits);

 private:
  std::filesystem::path directory_;
  std::unordered_map<std::string, std::string> texts_;
};

}  // namespace modelwatch::replay_hub
