// SPDX-License-Identifier: Apache-2.0
// JudgementWriter: judgements into the index, batched, with the cursor in the same commit.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/metrics.h"
#include "evaluator/notify/sink.h"
#include "indexer/client/index.h"
#include "modelwatch/v1/ingest.pb.h"

namespace modelwatch::evaluator {

// Collects up to 256 judgements or 4 MiB, then writes them with the cursor of the last change that
// is judged whole. After an error it is not known whether the batch was stored: the caller reads
// the cursor from the index again and calls Reset. Not thread-safe.
class JudgementWriter {
 public:
  // `index` and `metrics` must outlive this; `sink` may be null.
  // `identifier_version` names what findings rest on.
  JudgementWriter(indexer::Index& index, std::string evaluator, std::string identifier_version,
                  common::Metrics& metrics, Sink* sink);

  // Forgets what was collected; `cursor` is what the index holds.
  void Reset(uint64_t cursor);

  // All judgements of the change with this sequence, and what is new for the memo; ascending.
  // Writes when a batch is full.
  [[nodiscard]] absl::Status Add(std::vector<v1::Judgement> judgements,
                                 std::vector<v1::ContentFinding> findings, uint64_t sequence);

  // Writes what is left: everything in the log up to `cursor` has been judged.
  [[nodiscard]] absl::Status Flush(uint64_t cursor);

  // Raises held alerts without progress in the log. REQUIRES: nothing collected.
  [[nodiscard]] absl::Status Release(std::vector<v1::Judgement> judgements);

  // Tells news of hubs themselves, without progress in the log; at most 64. REQUIRES: nothing
  // collected.
  [[nodiscard]] absl::Status Tell(std::vector<v1::HubNotice> notices);

  // As stored by the index.
  [[nodiscard]] uint64_t cursor() const { return cursor_; }

 private:
  [[nodiscard]] absl::Status Write(uint64_t cursor);
  void Report(const v1::PutAssessmentsResponse& response);
  void TellAlert(v1::Alert alert, uint64_t sequence);

  indexer::Index& index_;
  const std::string evaluator_;
  const std::string identifier_version_;
  common::Metrics& metrics_;
  Sink* const sink_;
  uint64_t cursor_ = 0;
  uint64_t judged_ = 0;  // last change whose judgements are all in `batch_`
  size_t bytes_ = 0;
  v1::PutAssessmentsRequest batch_;
};

}  // namespace modelwatch::evaluator
