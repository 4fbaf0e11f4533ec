// SPDX-License-Identifier: Apache-2.0
#include "evaluator/evaluator.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "evaluator/change_judge.h"
#include "evaluator/judgement_writer.h"

namespace modelwatch::evaluator {
namespace {

// Changes read from the log before they are judged: long enough that opening a stream costs little,
// short enough that their versions fit in memory.
constexpr size_t kMaxRead = 1024;
constexpr int kOnceTries = 7;  // 0.5 s doubled six times: about a minute

bool MayPass(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kCancelled:
      return true;
    default:
      return false;
  }
}

}  // namespace

// The loop. A pass reads the log from the stored cursor to its end, then raises what is due.
struct Evaluator::State {
  State(EvaluatorOptions given, indexer::Index& the_index, const Corpus* corpus,
        common::Metrics& the_metrics, Sink* sink, const common::Clock& the_clock)
      : options(std::move(given)),
        index(the_index),
        metrics(the_metrics),
        clock(the_clock),
        judge(the_index, corpus, options.policy, the_metrics),
        writer(the_index, options.name, judge.identifier_version(), the_metrics, sink) {}

  // Sets `reached` to the cursor that is stored afterwards.
  absl::Status Pass(const common::Stopper& stopper, uint64_t& reached);
  absl::Status ReadChanges(uint64_t from, const common::Stopper& stopper,
                           std::vector<v1::Change>& changes) const;
  absl::Status JudgeChanges(const std::vector<v1::Change>& changes);
  absl::Status ReleaseDue(const v1::GetStatusResponse& status);
  void ReportFailure(const absl::Status& status, absl::Duration pause);

  const EvaluatorOptions options;
  indexer::Index& index;
  common::Metrics& metrics;
  const common::Clock& clock;
  ChangeJudge judge;
  JudgementWriter writer;
  bool is_fresh = false;  // what `judge` and `writer` remember is what the index holds
};

absl::Status Evaluator::State::Pass(const common::Stopper& stopper, uint64_t& reached) {
  v1::GetStatusRequest request;
  request.set_evaluator(options.name);
  ASSIGN_OR_RETURN(const v1::GetStatusResponse status, index.GetStatus(request));
  if (!is_fresh || status.evaluator_cursor() != writer.cursor()) {
    RETURN_IF_ERROR(judge.Reset());
    writer.Reset(status.evaluator_cursor());
    is_fresh = true;
  }
  while (writer.cursor() < status.newest_sequence() && !stopper.stopped()) {
    std::vector<v1::Change> changes;
    RETURN_IF_ERROR(ReadChanges(writer.cursor() + 1, stopper, changes));
    if (stopper.stopped()) break;
    RETURN_IF_ERROR(JudgeChanges(changes));
    // A full read ends where it was cut; a short one has seen everything up to the newest entry.
    const uint64_t seen = changes.empty() ? 0 : changes.back().sequence();
    const bool is_cut = changes.size() == kMaxRead;
    RETURN_IF_ERROR(writer.Flush(is_cut ? seen : std::max(seen, status.newest_sequence())));
    judge.Confirm();
    metrics.Set("modelwatch_evaluate_lag", "Log entries that are not judged yet.",
                static_cast<double>(status.newest_sequence() -
                                    std::min(writer.cursor(), status.newest_sequence())));
  }
  reached = writer.cursor();
  if (stopper.stopped()) return absl::OkStatus();
  RETURN_IF_ERROR(ReleaseDue(status));
  metrics.Set("modelwatch_evaluate_lag", "Log entries that are not judged yet.", 0);
  metrics.Set("modelwatch_evaluate_held", "Alerts that wait out a hold-down.",
              static_cast<double>(judge.held()));
  metrics.Set("modelwatch_evaluate_last_success_timestamp_seconds",
              "When the log was last read to its end.",
              absl::ToDoubleSeconds(clock.Now() - absl::UnixEpoch()));
  return absl::OkStatus();
}

absl::Status Evaluator::State::ReadChanges(uint64_t from, const common::Stopper& stopper,
                                           std::vector<v1::Change>& changes) const {
  v1::FollowRequest request;
  request.set_from_sequence(from);
  request.set_changes(true);
  request.set_until_now(true);
  const absl::Status status =
      index.Follow(request, stopper, [&](const v1::FollowResponse& response) {
        if (response.entry().has_change()) changes.push_back(response.entry().change());
        return changes.size() < kMaxRead;
      });
  if (!absl::IsOutOfRange(status)) return status;
  return absl::FailedPreconditionError(absl::StrFormat(
      "follow the log from %d: it was compacted beyond that, so versions there were never judged; "
      "raise index.max_log_entries, then start with an empty data directory or a backup (%s)",
      from, std::string(status.message())));
}

absl::Status Evaluator::State::JudgeChanges(const std::vector<v1::Change>& changes) {
  if (changes.empty()) return absl::OkStatus();
  const absl::Time started = absl::Now();
  RETURN_IF_ERROR(
      judge.JudgeAll(changes, [&](std::vector<v1::Judgement> judgements,
                                  std::vector<v1::ContentFinding> findings, uint64_t sequence) {
        return writer.Add(std::move(judgements), std::move(findings), sequence);
      }));
  metrics.Observe("modelwatch_evaluate_seconds", "Time to judge and store what one read gave.",
                  absl::ToDoubleSeconds(absl::Now() - started));
  return absl::OkStatus();
}

absl::Status Evaluator::State::ReleaseDue(const v1::GetStatusResponse& status) {
  std::map<std::string, int64_t> hub_time_us;
  for (const v1::HubStatus& hub : status.hubs()) hub_time_us[hub.hub()] = hub.hub_time_us();
  return writer.Release(judge.ReleaseDue(hub_time_us));
}

void Evaluator::State::ReportFailure(const absl::Status& status, absl::Duration pause) {
  is_fresh = false;
  metrics.Count("modelwatch_evaluate_errors_total", "Passes that ended early.",
                {{"code", absl::StatusCodeToString(status.code())}});
  common::LogWarning("evaluate.retry", {{"why", common::OneLine(std::string(status.message()))},
                                        {"code", absl::StatusCodeToString(status.code())},
                                        {"next", absl::FormatDuration(pause)}});
}

Evaluator::Evaluator(EvaluatorOptions options, indexer::Index& index, const Corpus* corpus,
                     common::Metrics& metrics, Sink* sink, const common::Clock& clock)
    : state_(std::make_unique<State>(std::move(options), index, corpus, metrics, sink, clock)) {}

Evaluator::~Evaluator() = default;

absl::Status Evaluator::Run(const common::Stopper& stopper) {
  absl::Duration backoff = state_->options.first_backoff;
  while (!stopper.stopped()) {
    uint64_t reached = 0;
    const absl::Status status = state_->Pass(stopper, reached);
    absl::Duration pause = state_->options.idle_pause;
    if (status.ok()) {
      backoff = state_->options.first_backoff;
    } else if (MayPass(status)) {
      pause = backoff;
      state_->ReportFailure(status, pause);
      backoff = std::min(backoff * 2, state_->options.longest_backoff);
    } else if (!stopper.stopped()) {
      return status;
    }
    stopper.WaitFor(pause);
  }
  return absl::OkStatus();
}

absl::Status Evaluator::RunOnce(const common::Stopper& stopper) {
  absl::Duration backoff = state_->options.first_backoff;
  for (int tries = 1;; ++tries) {
    uint64_t reached = 0;
    const absl::Status status = state_->Pass(stopper, reached);
    if (status.ok() || stopper.stopped() || !MayPass(status) || tries == kOnceTries) return status;
    state_->ReportFailure(status, backoff);
    stopper.WaitFor(backoff);
    backoff = std::min(backoff * 2, state_->options.longest_backoff);
  }
}

const std::string& Evaluator::evaluator_version() const {
  return state_->judge.evaluator_version();
}

}  // namespace modelwatch::evaluator
