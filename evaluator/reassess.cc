// SPDX-License-Identifier: Apache-2.0
#include "evaluator/reassess.h"

#include <utility>

#include "common/digest.h"

namespace modelwatch::evaluator {

Reassessed Reassessor::Run(std::span<const v1::Change> changes) {
  Reassessed result;
  result.status =
      judge_.ReassessAll(changes, [&](std::vector<v1::Judgement> judgements,
                                      std::vector<v1::ContentFinding> findings, uint64_t sequence) {
        result.versions.push_back({std::move(judgements), std::move(findings), sequence});
        return absl::OkStatus();
      });
  return result;
}

std::string ReassessCursor(const ChangeJudge& judge) {
  constexpr size_t kDigits = 16;
  const std::string rests_on =
      judge.evaluator_version() + "\n" + judge.corpus_version() + "\n" + judge.identifier_version();
  return "reassess-" + common::ToHex(common::Sha256(rests_on)).substr(0, kDigits);
}

}  // namespace modelwatch::evaluator
