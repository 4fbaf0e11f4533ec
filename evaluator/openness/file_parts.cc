// SPDX-License-Identifier: Apache-2.0
#include "evaluator/openness/file_parts.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "evaluator/openness/part_cues.h"

namespace modelwatch::evaluator {
namespace {

constexpr size_t kMaxPaths = 100000;
constexpr size_t kMaxPathBytes = 1024;

v1::Because FileCause(const std::string& path) {
  v1::Because because;
  because.set_clause("file");
  because.set_path(path.substr(0, kMaxPathBytes));
  return because;
}

}  // namespace

void ShowFiles(std::span<const std::string> paths, Exhibit& exhibit) {
  for (const std::string& path : paths.first(std::min(paths.size(), kMaxPaths))) {
    const std::string lower = absl::AsciiStrToLower(path.substr(0, kMaxPathBytes));
    if (lower == "readme.md") Show(exhibit, v1::MODEL_CARD, v1::YES, FileCause(path));
    for (const v1::PartCue* cue : CuesIn(v1::FILE_NAME, lower)) {
      Show(exhibit, cue->part(), cue->answer(), FileCause(path));
    }
  }
}

}  // namespace modelwatch::evaluator
