// SPDX-License-Identifier: Apache-2.0
#include "evaluator/evaluator.h"

#include <algorithm>
#include <map>
#include <memory>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "evaluator/change_judge.h"
#include "evaluator/judgement_writer.h"
#include "evaluator/policy/hub_notices.h"
#include "evaluator/policy/rules.h"
#include "evaluator/reassess.h"

namespace modelwatch::evaluator {
namespace {

// Changes read from the log before they are judged: long enough that opening a stream costs little,
// short enough that their versions fit in memory.
constexpr size_t kMaxRead = 1024;
constexpr size_t kReassessRead = 512;  // a thread and round; a stop waits for the round
constexpr int kOnceTries = 7;          // 0.5 s doubled six times: about a minute

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

size_t ThreadsOf(uint32_t asked) {
  constexpr size_t kMost = 16;
  const size_t cores = std::max(1U, std::thread::hardware_concurrency());
  return std::min(kMost, asked == 0 ? cores : asked);
}

// One run of changes a worker, side by side; handed to the writer in the order of the log.
absl::Status ReassessRound(const std::vector<v1::Change>& changes,
                           const std::vector<std::unique_ptr<Reassessor>>& workers,
                           JudgementWriter& writer, ReassessReport& report) {
  std::vector<Reassessed> results(workers.size());
  std::vector<std::thread> threads;
  const size_t share = (changes.size() + workers.size() - 1) / workers.size();
  for (size_t i = 0; i < workers.size() && i * share < changes.size(); ++i) {
    const size_t begin = i * share, count = std::min(share, changes.size() - begin);
    threads.emplace_back([&, i, begin, count] {
      results[i] = workers[i]->Run(std::span(changes).subspan(begin, count));
    });
  }
  for (std::thread& thread : threads) thread.join();
  report.versions += changes.size();
  for (Reassessed& result : results) {
    RETURN_IF_ERROR(result.status);
    for (Reassessed::One& one : result.versions) {
      ++report.judged;
      report.changed += one.judgements.size();
      RETURN_IF_ERROR(writer.Add(std::move(one.judgements), std::move(one.findings), one.sequence));
    }
  }
  return absl::OkStatus();
}

}  // namespace

// The loop. A pass reads the log from the stored cursor to its end, then raises what is due.
struct Evaluator::State {
  State(EvaluatorOptions given, indexer::Index& the_index, const Corpus* the_corpus,
        common::Metrics& the_metrics, Sink* sink, const common::Clock& the_clock)
      : options(std::move(given)),
        index(the_index),
        corpus(the_corpus),
        metrics(the_metrics),
        clock(the_clock),
        judge(the_index, the_corpus, Policy(options.policy, options.rules.value_or(BuiltinRules())),
              the_metrics),
        writer(the_index, options.name, judge.identifier_version(), the_metrics, sink) {}

  // Sets `reached` to the cursor that is stored afterwards.
  absl::Status Pass(const common::Stopper& stopper, uint64_t& reached);
  absl::Status ReadChanges(uint64_t from, size_t most, const common::Stopper& stopper,
                           std::vector<v1::Change>& changes) const;
  absl::Status Follow(const common::Stopper& stopper);
  absl::Status JudgeChanges(const std::vector<v1::Change>& changes);
  absl::Status ReleaseDue(const v1::GetStatusResponse& status);
  absl::Status TellOfHubs(const v1::GetStatusResponse& status);
  void ReportFailure(const absl::Status& status, absl::Duration pause);

  absl::StatusOr<ReassessReport> Reassess(const common::Stopper& stopper, uint32_t percent,
                                          const Progress& progress);
  void ReassessBeside(const common::Stopper& stopper);

  const EvaluatorOptions options;
  indexer::Index& index;
  const Corpus* const corpus;
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
    RETURN_IF_ERROR(ReadChanges(writer.cursor() + 1, kMaxRead, stopper, changes));
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
  RETURN_IF_ERROR(TellOfHubs(status));
  metrics.Set("modelwatch_evaluate_lag", "Log entries that are not judged yet.", 0);
  metrics.Set("modelwatch_evaluate_held", "Alerts that wait out a hold-down.",
              static_cast<double>(judge.held()));
  metrics.Set("modelwatch_evaluate_last_success_timestamp_seconds",
              "When the log was last read to its end.",
              absl::ToDoubleSeconds(clock.Now() - absl::UnixEpoch()));
  return absl::OkStatus();
}

absl::Status Evaluator::State::ReadChanges(uint64_t from, size_t most,
                                           const common::Stopper& stopper,
                                           std::vector<v1::Change>& changes) const {
  v1::FollowRequest request;
  request.set_from_sequence(from);
  request.set_changes(true);
  request.set_until_now(true);
  const absl::Status status =
      index.Follow(request, stopper, [&](const v1::FollowResponse& response) {
        if (response.entry().has_change()) changes.push_back(response.entry().change());
        return changes.size() < most;
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

absl::Status Evaluator::State::TellOfHubs(const v1::GetStatusResponse& status) {
  if (!HasHubNews(status)) return absl::OkStatus();
  v1::GetStatusRequest request;
  request.set_evaluator(options.name);
  request.set_health(true);
  ASSIGN_OR_RETURN(const v1::GetStatusResponse health, index.GetStatus(request));
  return writer.Tell(HubNotices(health));
}

// A round: what the log holds next, cut into one run a thread, judged side by side, stored in order
// with the cursor.
//
//   log --changes--> [Reassessor] x threads --judgements--> JudgementWriter --> index
absl::StatusOr<ReassessReport> Evaluator::State::Reassess(const common::Stopper& stopper,
                                                          uint32_t percent,
                                                          const Progress& progress) {
  const absl::Time started = absl::Now();
  v1::GetStatusRequest request;
  request.set_evaluator(ReassessCursor(judge));
  ASSIGN_OR_RETURN(const v1::GetStatusResponse status, index.GetStatus(request));
  JudgementWriter again(index, request.evaluator(), judge.identifier_version(), metrics, nullptr);
  // What the log no longer has was compacted away: those versions keep their judgement.
  again.Reset(
      std::max(status.evaluator_cursor(), std::max<uint64_t>(status.oldest_sequence(), 1) - 1));
  std::vector<std::unique_ptr<Reassessor>> workers;
  for (size_t i = 0; i < ThreadsOf(options.threads); ++i) {
    workers.push_back(std::make_unique<Reassessor>(index, corpus, metrics));
  }
  const size_t most = kReassessRead * workers.size();
  ReassessReport report;
  while (again.cursor() < status.newest_sequence() && !stopper.stopped()) {
    const absl::Time round = absl::Now();
    std::vector<v1::Change> changes;
    RETURN_IF_ERROR(ReadChanges(again.cursor() + 1, most, stopper, changes));
    if (stopper.stopped()) break;
    const bool is_cut = changes.size() == most;
    const uint64_t seen = is_cut ? changes.back().sequence() : status.newest_sequence();
    RETURN_IF_ERROR(ReassessRound(changes, workers, again, report));
    RETURN_IF_ERROR(again.Flush(seen));
    for (const auto& worker : workers) worker->Confirm();
    if (progress) progress(std::min(seen, status.newest_sequence()), status.newest_sequence());
    if (percent < 100) stopper.WaitFor((absl::Now() - round) * (100.0 - percent) / percent);
  }
  report.took = absl::Now() - started;
  metrics.Count("modelwatch_reassess_versions_total", "Versions judged again.", {},
                static_cast<double>(report.judged));
  metrics.Count("modelwatch_reassess_changed_total", "Of these, came out otherwise.", {},
                static_cast<double>(report.changed));
  return report;
}

// Until it is through or stopped. What fails is tried again: the past can wait.
void Evaluator::State::ReassessBeside(const common::Stopper& stopper) {
  while (!stopper.stopped()) {
    const auto report = Reassess(stopper, std::min(options.reassess_percent, 100U), nullptr);
    if (report.ok()) {
      if (report->judged == 0) return;
      common::LogInfo("reassess.done", {{"judged", common::Str(report->judged)},
                                        {"changed", common::Str(report->changed)},
                                        {"took", absl::FormatDuration(report->took)}});
      return;
    }
    common::LogWarning("reassess.retry",
                       {{"why", common::OneLine(std::string(report.status().message()))},
                        {"next", absl::FormatDuration(options.longest_backoff)}});
    stopper.WaitFor(options.longest_backoff);
  }
}

void Evaluator::State::ReportFailure(const absl::Status& status, absl::Duration pause) {
  is_fresh = false;
  metrics.Count("modelwatch_evaluate_errors_total", "Passes that ended early.",
                {{"code", absl::StatusCodeToString(status.code())}});
  common::LogWarning("evaluate.retry", {{"why", common::OneLine(std::string(status.message()))},
                                        {"code", absl::StatusCodeToString(status.code())},
                                        {"next", absl::FormatDuration(pause)}});
}

absl::Status Evaluator::State::Follow(const common::Stopper& stopper) {
  absl::Duration backoff = options.first_backoff;
  while (!stopper.stopped()) {
    uint64_t reached = 0;
    const absl::Status status = Pass(stopper, reached);
    absl::Duration pause = options.idle_pause;
    if (status.ok()) {
      backoff = options.first_backoff;
    } else if (MayPass(status)) {
      pause = backoff;
      ReportFailure(status, pause);
      backoff = std::min(backoff * 2, options.longest_backoff);
    } else if (!stopper.stopped()) {
      return status;
    }
    stopper.WaitFor(pause);
  }
  return absl::OkStatus();
}

Evaluator::Evaluator(EvaluatorOptions options, indexer::Index& index, const Corpus* corpus,
                     common::Metrics& metrics, Sink* sink, const common::Clock& clock)
    : state_(std::make_unique<State>(std::move(options), index, corpus, metrics, sink, clock)) {}

Evaluator::~Evaluator() = default;

absl::Status Evaluator::Run(const common::Stopper& stopper) {
  // Ends with this call: the watch is over also when the log cannot be followed.
  common::Stopper over;
  std::thread beside([this, &over] {
    if (state_->options.reassess_percent > 0) state_->ReassessBeside(over);
  });
  const absl::Status status = state_->Follow(stopper);
  over.Stop();
  beside.join();
  return status;
}

absl::StatusOr<ReassessReport> Evaluator::Reassess(const common::Stopper& stopper,
                                                   uint32_t percent_of_time,
                                                   const Progress& progress) {
  return state_->Reassess(stopper, std::clamp(percent_of_time, 1U, 100U), progress);
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
