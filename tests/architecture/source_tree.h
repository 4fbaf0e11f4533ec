// SPDX-License-Identifier: Apache-2.0
// The project's own files as the architecture tests see them: rooms, include lines, line counts.
// Plain text scanning, no preprocessor: an include that stands in a comment block counts too.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace modelwatch::testing {

struct Include {
  std::string what;  // between the quotes or brackets
  bool quoted = false;
};

struct SourceFile {
  std::string path;  // relative to the root, '/' between the parts
  std::string room;  // its folder, e.g. "crawler/hub"
  std::string text;
  std::vector<Include> includes;
  size_t lines = 0;
};

// Every .h and .cc below the given folders of `root`, sorted by path. Folders that start with a dot
// and build trees are left out.
[[nodiscard]] std::vector<SourceFile> ReadSources(const std::string& root,
                                                  const std::vector<std::string>& folders);

// The include lines of one file's text.
[[nodiscard]] std::vector<Include> ReadIncludes(std::string_view text);

// Which rooms each room may include, with `crawler/*` still in it. A room sees itself without a
// word.
using LayerTable = std::map<std::string, std::set<std::string>>;

// INVALID_ARGUMENT naming the line when a row is not `<room> : <rooms>` or comes twice.
[[nodiscard]] absl::StatusOr<LayerTable> ParseLayers(std::string_view text);

// True when the table lets `from` include a file of `to`. `x/*` stands for every room below x.
[[nodiscard]] bool MayInclude(const LayerTable& table, const std::string& from,
                              const std::string& to);

// One cycle of rooms ("a -> b -> a"), or "" when there is none.
[[nodiscard]] std::string FindCycle(const LayerTable& table);

}  // namespace modelwatch::testing
