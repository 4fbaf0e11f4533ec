// SPDX-License-Identifier: Apache-2.0
// Short texts that name a licence without giving it: an SPDX identifier line, a name, a link.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "evaluator/license/corpus.h"
#include "evaluator/license/tokens.h"

namespace modelwatch::evaluator {

struct Mention {
  LicenceId licence = kNone;
  uint32_t line = 0;
};

// The names of a corpus, ready to be found in texts. Immutable; threads may share it.
class NameIndex {
 public:
  // `corpus` must outlive this.
  explicit NameIndex(const Corpus& corpus);

  // Licences named in the text, longest names first where they overlap, in reading order, each
  // once; at most 16. One-word names ("MIT") count only close to the word "license".
  [[nodiscard]] std::vector<Mention> Find(const std::vector<Token>& tokens) const;

 private:
  absl::flat_hash_map<std::string, LicenceId> names_;  // words joined by a space
};

}  // namespace modelwatch::evaluator
