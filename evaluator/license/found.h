// SPDX-License-Identifier: Apache-2.0
// What of the corpus is in a text, before it is said what that means: the licence texts compared
// word by word with their references, the mentions, the tags, and what nobody explains.
#pragma once

#include <string_view>
#include <vector>

#include "evaluator/license/corpus.h"
#include "evaluator/license/detection.h"
#include "evaluator/license/remainder.h"
#include "evaluator/license/spdx_tag.h"
#include "evaluator/license/tokens.h"

namespace modelwatch::evaluator {

struct Found {
  std::vector<Detection> all;     // those that tell, in reading order
  std::vector<size_t> texts;      // of `all`: licence texts, whole or a version of one
  std::vector<SpdxTag> tags;      // SPDX-License-Identifier lines
  std::vector<WordSpan> telling;  // what the rest of the text says; empty without `texts`

  // Complete licences and nothing more that counts.
  [[nodiscard]] bool is_exact() const;
};

// `tokens` are Tokenise(text).
[[nodiscard]] Found FindLicences(const Corpus& corpus, std::string_view text,
                                 const std::vector<Token>& tokens);

// Sentences beside all that was found that may take a right away.
[[nodiscard]] std::vector<WordSpan> RestrictingBeside(const Found& found, std::string_view text,
                                                      const std::vector<Token>& tokens);

// The first licence that a pattern names. REQUIRES: not a false positive.
[[nodiscard]] Licence LicenceOf(const Corpus& corpus, PatternId pattern);

}  // namespace modelwatch::evaluator
