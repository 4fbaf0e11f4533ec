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
  for (evaluator::LicenceId id = 0; id < corpus->licence_count(); ++id) {
    const evaluator::Licence licence = corpus->licence(id);
    texts.licences.push_back({std::string(licence.key), std::string(licence.spdx),
                              std::string(licence.name), std::string(licence.category),
                              std::string(licence.text), licence.is_exception,
                              licence.is_deprecated});
  }
  std::sort(texts.licences.begin(), texts.licences.end(),
            [](const CorpusText& a, const CorpusText& b) { return a.key < b.key; });
  return texts;
}

}  // namespace modelwatch::cli
