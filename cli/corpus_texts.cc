// SPDX-License-Identifier: Apache-2.0
#include "cli/corpus_texts.h"

#include <algorithm>

#include "common/status_macros.h"
#include "evaluator/license/corpus.h"

namespace modelwatch::cli {

absl::StatusOr<CorpusTexts> ReadCorpusTexts(const std::string& path) {
  ASSIGN_OR_RETURN(const auto corpus, evaluator::Corpus::Load(path));
  CorpusTexts texts;
  texts.version = corpus->version();
  for (const v1::CorpusLicence& licence : corpus->proto().licences()) {
    texts.licences.push_back({licence.key(), licence.spdx(), licence.name(), licence.category(),
                              licence.text(), licence.is_exception(), licence.is_deprecated()});
  }
  std::sort(texts.licences.begin(), texts.licences.end(),
            [](const CorpusText& a, const CorpusText& b) { return a.key < b.key; });
  return texts;
}

}  // namespace modelwatch::cli
