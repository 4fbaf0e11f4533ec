// SPDX-License-Identifier: Apache-2.0
// Evaluator: follows the log, judges every new version, and raises what somebody lost.
//
//   index log --changes--> load versions, texts, former assessments --> assess, shift, decide
//   (pure)
//             <--PutAssessments (assessments + alerts + held alerts + cursor, one commit)--
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "common/metrics.h"
#include "common/stopper.h"
#include "evaluator/notify/sink.h"
#include "indexer/client/index.h"
#include "modelwatch/v1/config.pb.h"
#include "modelwatch/v1/judging.pb.h"

namespace modelwatch::evaluator {

class Corpus;

struct EvaluatorOptions {
  std::string name = "evaluator";            // of the cursor that the index keeps
  v1::PolicyConfig policy;                   // 0 in a field means the default of config.proto
  std::optional<v1::PolicyRuleTable> rules;  // as ParseRules gives them; none: the built-in ones
  // How often the log is looked at again once it was read to its end; also how late a held alert
  // may be raised after its time.
  absl::Duration idle_pause = absl::Milliseconds(250);
  // After an error, doubled up to the longest.
  absl::Duration first_backoff = absl::Milliseconds(500);
  absl::Duration longest_backoff = absl::Seconds(30);
  // Judging the past again: part of the time it may take beside Run, and its threads; 0 = none, all
  // cores (at most 16).
  uint32_t reassess_percent = 0;
  uint32_t threads = 0;
};

// What a re-assessment did.
struct ReassessReport {
  uint64_t versions = 0;  // looked at
  uint64_t judged = 0;    // their assessment was another evaluator's or corpus's
  uint64_t changed = 0;   // came out otherwise, and was stored
  absl::Duration took;
};

// What makes it safe to stop at any moment: nothing is remembered here that the index does not
// hold. The cursor, the assessments, the alerts and the held alerts of a batch are one commit, so
// after a kill the next start judges from the stored cursor, and no alert is lost or raised twice.
//
// Versions of one release are judged in the order of the log. First sight raises nothing. An alert
// that waits out a hold-down is raised when the hub's own clock has passed its time and the release
// did not return; the machine's clock plays no part.
//
// Thread-safe for metrics only: one Run or RunOnce at a time, on the caller's thread.
class Evaluator {
 public:
  // All must outlive this. `corpus` may be null: then texts are not identified and declared
  // licences alone are judged. `sink` may be null.
  Evaluator(EvaluatorOptions options, indexer::Index& index, const Corpus* corpus,
            common::Metrics& metrics, Sink* sink = nullptr,
            const common::Clock& clock = common::SystemClock());
  ~Evaluator();
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  // Follows until `stopper` stops. When the index is away it waits and goes on. Returns OK after a
  // stop; FAILED_PRECONDITION or ABORTED when it must not go on: the log was compacted past the
  // cursor, or another evaluator owns it.
  [[nodiscard]] absl::Status Run(const common::Stopper& stopper);

  // Judges everything that is in the log when called, raises the held alerts that are due, returns.
  // An index that is away is asked again for about a minute; then its error is returned.
  [[nodiscard]] absl::Status RunOnce(const common::Stopper& stopper);

  // Judges again every version in the log whose assessment another evaluator or corpus made. Goes
  // on where it was cut off; where nothing is left it does nothing. Raises no alert, and may run
  // beside Run or RunOnce. `progress` may be null; it is told how far of how much of the log.
  // Errors are the index's.
  using Progress = std::function<void(uint64_t done, uint64_t total)>;
  [[nodiscard]] absl::StatusOr<ReassessReport> Reassess(const common::Stopper& stopper,
                                                        uint32_t percent_of_time,
                                                        const Progress& progress);

  // Names what judgements rest on, e.g. for `modelwatch --version`.
  [[nodiscard]] const std::string& evaluator_version() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace modelwatch::evaluator
