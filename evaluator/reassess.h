// SPDX-License-Identifier: Apache-2.0
// One thread's share of judging the past again.
#pragma once

#include <span>
#include <vector>

#include "absl/status/status.h"
#include "common/metrics.h"
#include "evaluator/change_judge.h"
#include "indexer/client/index.h"
#include "modelwatch/v1/ingest.pb.h"

namespace modelwatch::evaluator {

// What came of a run of changes, to be stored in the order of the log.
struct Reassessed {
  struct One {
    std::vector<v1::Judgement> judgements;  // none when it came out as it was
    std::vector<v1::ContentFinding> findings;
    uint64_t sequence = 0;
  };
  std::vector<One> versions;  // those that were judged again
  absl::Status status;
};

// Not thread-safe; each thread has its own. What it remembers of texts is its own too.
class Reassessor {
 public:
  // All must outlive this; `corpus` may be null.
  Reassessor(indexer::Reader& reader, const Corpus* corpus, common::Metrics& metrics)
      : judge_(reader, corpus, Policy(v1::PolicyConfig()), metrics) {}

  [[nodiscard]] Reassessed Run(std::span<const v1::Change> changes);
  // What Run gave is in the index.
  void Confirm() { judge_.Confirm(); }

 private:
  ChangeJudge judge_;
};

// Name of the cursor that keeps how far the log was judged again by this evaluator and corpus. The
// next version of either has another, which starts at the beginning.
[[nodiscard]] std::string ReassessCursor(const ChangeJudge& judge);

}  // namespace modelwatch::evaluator
