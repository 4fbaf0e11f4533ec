// SPDX-License-Identifier: Apache-2.0
#include "evaluator/bom/spdx_ids.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace modelwatch::evaluator {

extern const char kSpdxIdsData[];  // embedded: cmake/embed.cmake

namespace {

// "licence mit" -> "MIT"
using Ids = absl::flat_hash_map<std::string, std::string>;

const Ids& All() {
  static const auto* const ids = [] {
    auto* const made = new Ids;
    for (const absl::string_view line : absl::StrSplit(kSpdxIdsData, '\n')) {
      const size_t space = line.find(' ');
      if (space == absl::string_view::npos || line[0] == '#') continue;
      const absl::string_view id = line.substr(space + 1);
      made->emplace(absl::StrCat(line.substr(0, space + 1), absl::AsciiStrToLower(id)), id);
    }
    return made;
  }();
  return *ids;
}

std::string Find(const std::string& kind, std::string_view text) {
  const auto found =
      All().find(absl::StrCat(kind, " ", absl::AsciiStrToLower({text.data(), text.size()})));
  return found == All().end() ? "" : found->second;
}

}  // namespace

std::string SpdxLicenceId(std::string_view text) { return Find("licence", text); }
std::string SpdxExceptionId(std::string_view text) { return Find("exception", text); }

}  // namespace modelwatch::evaluator
