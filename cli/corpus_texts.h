// SPDX-License-Identifier: Apache-2.0
// The licences of a corpus with their texts, for the commands that walk through all of them.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace modelwatch::cli {

struct CorpusText {
  std::string key, spdx, name, category, text;
  bool is_exception = false;
  bool is_deprecated = false;
};

struct CorpusTexts {
  std::string version;
  std::vector<CorpusText> licences;  // ascending by key
};

// A corpus file, read whole (about 30 MB). Fails as evaluator::Corpus::Load.
[[nodiscard]] absl::StatusOr<CorpusTexts> ReadCorpusTexts(const std::string& path);

}  // namespace modelwatch::cli
