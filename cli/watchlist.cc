// SPDX-License-Identifier: Apache-2.0
#include "cli/watchlist.h"

#include <algorithm>
#include <fstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "proto/release_pattern.h"

namespace modelwatch::cli {

absl::StatusOr<Watchlist> Watchlist::Load(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    return absl::NotFoundError(
        absl::StrFormat("watch list %s cannot be read; check the path", path));
  }
  Watchlist list;
  for (std::string line; std::getline(file, line);) {
    line.resize(std::min(line.find('#'), line.size()));
    absl::StripAsciiWhitespace(&line);
    if (!line.empty()) list.patterns_.push_back(line);
  }
  if (list.patterns_.empty()) {
    return absl::InvalidArgumentError(
        absl::StrFormat("watch list %s names nothing; write owner/name lines", path));
  }
  return list;
}

bool Watchlist::Covers(std::string_view release_name) const {
  return patterns_.empty() ||
         std::any_of(patterns_.begin(), patterns_.end(), [&](const std::string& pattern) {
           return proto::MatchesRelease(pattern, release_name);
         });
}

}  // namespace modelwatch::cli
