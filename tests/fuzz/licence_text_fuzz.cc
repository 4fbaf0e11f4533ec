// SPDX-License-Identifier: Apache-2.0
// Any bytes as a licence text, against a small corpus: identification ends, and EXACT has no
// residue.
#include <cstddef>
#include <cstdint>

#include "evaluator/license/corpus_builder.h"
#include "evaluator/license/matcher.h"
#include "evaluator/license/text_diff.h"

namespace {

using namespace modelwatch::evaluator;

const Corpus& SmallCorpus() {
  static const auto corpus = [] {
    CorpusBuilder builder;
    (void)builder.AddFile(
        "one.txt",
        "Everybody is granted the freedom to run, study, copy, change, publish and "
        "pass on these materials, for every purpose and without charge.\n"
        "This notice has to stay in every copy of the materials.\n");
    (void)builder.AddFile(
        "two.txt",
        "You are granted a right to use the example weights as long as you follow "
        "the clauses of this agreement.\nYou will not use their outputs to improve "
        "any other model.\n");
    return *Corpus::Make(*builder.Build());
  }();
  return *corpus;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const Matcher matcher(SmallCorpus());
  const auto finding = matcher.Identify(text);
  if (finding.status() == modelwatch::v1::EXACT &&
      finding.added_size() + finding.missing_size() > 0) {
    __builtin_trap();
  }
  (void)DiffTexts(text.substr(0, size / 2), text.substr(size / 2));
  return 0;
}
