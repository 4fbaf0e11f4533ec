// SPDX-License-Identifier: Apache-2.0
#include "evaluator/past_judge.h"

#include "common/metrics.h"
#include "evaluator/change_judge.h"

namespace modelwatch::evaluator {

absl::StatusOr<std::vector<v1::Assessment>> JudgePast(indexer::Reader& reader, const Corpus* corpus,
                                                      const v1::ReleaseKey& key,
                                                      const std::string& name,
                                                      std::span<const v1::PastVersion> past) {
  common::Metrics nobody_reads;
  ChangeJudge judge(reader, corpus, Policy(v1::PolicyConfig()), nobody_reads);
  return judge.JudgePast(key, name, past);
}

}  // namespace modelwatch::evaluator
