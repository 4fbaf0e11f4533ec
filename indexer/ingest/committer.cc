// SPDX-License-Identifier: Apache-2.0
#include "indexer/ingest/committer.h"

#include <chrono>
#include <future>
#include <utility>

#include "absl/time/clock.h"
#include "common/log.h"
#include "common/status_macros.h"
#include "indexer/frontier/budget.h"
#include "indexer/frontier/frontier.h"
#include "indexer/frontier/health.h"
#include "indexer/ingest/compact.h"
#include "indexer/ingest/ingest.h"
#include "indexer/ingest/judge.h"
#include "indexer/ingest/prepare.h"
#include "indexer/store/records.h"

namespace modelwatch::indexer {

// A write that waits for its commit. Apply may be called once, Finish exactly once, in that order.
class Committer::Job {
 public:
  virtual ~Job() = default;
  // Observations in it; 0 = it is committed alone, because it looks at the store itself.
  [[nodiscard]] virtual size_t observations() const = 0;
  // An error undoes the whole commit.
  [[nodiscard]] virtual absl::Status Apply(Draft& draft, int64_t now_us) = 0;
  virtual void Finish(const absl::Status& committed) = 0;
};

namespace {

constexpr size_t kJobsAtOnce = 64;
constexpr absl::Duration kIdle = absl::Seconds(1);

absl::Status Closed() {
  return absl::UnavailableError("the index is stopping; resend once it is back");
}

// The answer of a job, and the caller that waits for it.
template <typename Response>
class Reply {
 public:
  std::future<absl::StatusOr<Response>> Future() { return promise_.get_future(); }
  void Hold(absl::StatusOr<Response> answer) { answer_ = std::move(answer); }
  void Send(const absl::Status& committed) {
    promise_.set_value(committed.ok() ? std::move(answer_) : absl::StatusOr<Response>(committed));
  }

 private:
  std::promise<absl::StatusOr<Response>> promise_;
  absl::StatusOr<Response> answer_ = absl::InternalError("the commit was never applied");
};

class PutJob final : public Committer::Job {
 public:
  PutJob(std::vector<PreparedItem> items, common::Metrics& metrics)
      : items_(std::move(items)), count_(items_.size()), metrics_(metrics) {}

  std::future<absl::StatusOr<v1::PutBatchResponse>> Future() { return reply_.Future(); }
  size_t observations() const override { return count_; }

  absl::Status Apply(Draft& draft, int64_t now_us) override {
    v1::PutBatchResponse response;
    for (PreparedItem& item : items_) {
      ASSIGN_OR_RETURN(*response.add_acks(), IngestItem(draft, std::move(item), now_us));
    }
    for (const v1::ItemAck& ack : response.acks()) ++by_status_[ack.status()];
    reply_.Hold(std::move(response));
    return absl::OkStatus();
  }

  void Finish(const absl::Status& committed) override {
    static constexpr const char* kWords[] = {"unspecified", "stored", "skipped", "retry"};
    for (const auto& [status, count] : by_status_) {
      if (!committed.ok()) break;
      metrics_.Count("modelwatch_index_observations_total", "Observations by what became of them.",
                     {{"status", kWords[status]}}, static_cast<double>(count));
    }
    reply_.Send(committed);
  }

 private:
  std::vector<PreparedItem> items_;
  const size_t count_;
  common::Metrics& metrics_;
  std::map<int, int> by_status_;
  Reply<v1::PutBatchResponse> reply_;
};

template <typename Response>
class CallJob final : public Committer::Job {
 public:
  using ApplyCall = std::function<absl::StatusOr<Response>(Draft&, int64_t)>;
  explicit CallJob(ApplyCall apply) : apply_(std::move(apply)) {}

  std::future<absl::StatusOr<Response>> Future() { return reply_.Future(); }
  size_t observations() const override { return 0; }
  absl::Status Apply(Draft& draft, int64_t now_us) override {
    absl::StatusOr<Response> answer = apply_(draft, now_us);
    absl::Status status = answer.status();
    reply_.Hold(std::move(answer));
    return status;
  }
  void Finish(const absl::Status& committed) override { reply_.Send(committed); }

 private:
  const ApplyCall apply_;
  Reply<Response> reply_;
};

template <typename Response>
absl::StatusOr<Response> Await(std::future<absl::StatusOr<Response>> future, absl::Time deadline) {
  if (future.wait_until(absl::ToChronoTime(deadline)) != std::future_status::ready) {
    return absl::DeadlineExceededError(
        "the commit took longer than the deadline; whether it was done is not known, repeat it");
  }
  return future.get();
}

}  // namespace

Committer::Committer(Store& store, v1::StoredState state, const common::Clock& clock,
                     common::Metrics& metrics, const CommitterOptions& options)
    : store_(store),
      clock_(clock),
      metrics_(metrics),
      options_(options),
      queue_(options.queue == 0 ? 1 : options.queue),
      state_(std::move(state)),
      newest_(state_.newest_sequence()) {}

Committer::~Committer() = default;

absl::StatusOr<v1::PutBatchResponse> Committer::PutBatch(const v1::PutBatchRequest& request,
                                                         absl::Time deadline) {
  ASSIGN_OR_RETURN(std::vector<PreparedItem> items, Prepare(request));
  if (items.empty()) return v1::PutBatchResponse();
  auto job = std::make_unique<PutJob>(std::move(items), metrics_);
  auto future = job->Future();
  std::unique_ptr<Job> waiting = std::move(job);
  if (!queue_.TryPush(waiting)) {
    if (queue_.closed()) return Closed();
    metrics_.Count("modelwatch_index_refused_total", "Batches refused because the queue was full.");
    return absl::ResourceExhaustedError(
        "the commit queue is full; nothing was taken, resend later");
  }
  return Await(std::move(future), deadline);
}

template <typename Response>
absl::StatusOr<Response> Committer::Call(
    std::function<absl::StatusOr<Response>(Draft&, int64_t)> apply, absl::Time deadline) {
  auto job = std::make_unique<CallJob<Response>>(std::move(apply));
  auto future = job->Future();
  if (!queue_.Push(std::move(job))) return Closed();
  return Await(std::move(future), deadline);
}

absl::StatusOr<v1::PutAssessmentsResponse> Committer::PutAssessments(
    const v1::PutAssessmentsRequest& request, absl::Time deadline) {
  return Call<v1::PutAssessmentsResponse>(
      [request](Draft& draft, int64_t now_us) {
        return indexer::PutAssessments(draft, request, now_us);
      },
      deadline);
}

absl::StatusOr<v1::DeclareHubResponse> Committer::DeclareHub(const v1::DeclareHubRequest& request,
                                                             absl::Time deadline) {
  return Call<v1::DeclareHubResponse>(
      [request](Draft& draft, int64_t now_us) {
        return indexer::DeclareHub(draft, request, now_us);
      },
      deadline);
}

absl::StatusOr<v1::LeaseWorkResponse> Committer::LeaseWork(const v1::LeaseWorkRequest& request,
                                                           absl::Time deadline) {
  return Call<v1::LeaseWorkResponse>(
      [request](Draft& draft, int64_t now_us) {
        return indexer::LeaseWork(draft, request, now_us);
      },
      deadline);
}

absl::StatusOr<v1::FinishWorkResponse> Committer::FinishWork(const v1::FinishWorkRequest& request,
                                                             absl::Time deadline) {
  Swept swept;
  bool counts = false;
  const auto stored = GetRecord<v1::StoredWork>(store_, Table::kWork, request.id());
  if (stored.ok() && request.outcome() == v1::DONE && stored->work().kind() == v1::SWEEP &&
      stored->work().token() == request.token()) {
    ASSIGN_OR_RETURN(swept, CompareSeen(*store_.Snapshot(), stored->work().hub(),
                                        PassStart(stored->work(), request)));
    counts = stored->finished_token() != request.token();
  }
  return Call<v1::FinishWorkResponse>(
      [request, swept, counts](Draft& draft,
                               int64_t now_us) -> absl::StatusOr<v1::FinishWorkResponse> {
        auto finished = indexer::FinishWork(draft, request, swept.absent, now_us);
        if (finished.ok() && counts) {
          RETURN_IF_ERROR(NoteSwept(draft, request.id(), swept.seen));
        }
        return finished;
      },
      deadline);
}

absl::StatusOr<v1::ShareBudgetResponse> Committer::ShareBudget(
    const v1::ShareBudgetRequest& request, absl::Time deadline) {
  return Call<v1::ShareBudgetResponse>(
      [request](Draft& draft, int64_t now_us) {
        return indexer::ShareBudget(draft, request, now_us);
      },
      deadline);
}

void Committer::Run() {
  while (true) {
    std::vector<std::unique_ptr<Job>> jobs = queue_.PopBatch(kJobsAtOnce, kIdle);
    metrics_.Set("modelwatch_index_commit_queue", "Batches waiting for the committer.",
                 static_cast<double>(queue_.size()));
    if (jobs.empty() && queue_.closed()) return;
    CommitAll(std::move(jobs));
  }
}

void Committer::Close() {
  queue_.Close();
  common::MutexLock lock(mutex_);
  closed_ = true;
  changed_.NotifyAll();
}

void Committer::CommitAll(std::vector<std::unique_ptr<Job>> jobs) {
  std::vector<std::unique_ptr<Job>> group;
  size_t observations = 0;
  const auto commit = [&] {
    if (!group.empty()) CommitGroup(std::move(group));
    group.clear();
    observations = 0;
  };
  for (std::unique_ptr<Job>& job : jobs) {
    const size_t more = job->observations();
    const bool alone = more == 0;
    if (alone || observations + more > kGroupObservations) commit();
    group.push_back(std::move(job));
    observations += more;
    if (alone) commit();
  }
  commit();
}

void Committer::CommitGroup(std::vector<std::unique_ptr<Job>> group) {
  const absl::Time started = absl::Now();
  const absl::Status committed = ApplyAndWrite(group);
  Announce(committed, started);
  for (const std::unique_ptr<Job>& job : group) job->Finish(committed);
}

absl::Status Committer::ApplyAndWrite(const std::vector<std::unique_ptr<Job>>& group) {
  RETURN_IF_ERROR(RecoverFirst());
  Draft draft(store_, state_);
  const int64_t now_us = common::ToMicros(clock_.Now());
  for (const std::unique_ptr<Job>& job : group) RETURN_IF_ERROR(job->Apply(draft, now_us));
  if (draft.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(CompactLog(draft, options_.max_log_entries));
  v1::StoredState state = draft.state();
  const absl::Status written = store_.Write(draft.TakeBatch());
  if (!written.ok()) {
    if (!broken_) {
      common::LogError("index.write_failed", {{"error", std::string(written.message())}});
    }
    broken_ = true;
    return written;
  }
  state_.Swap(&state);
  return absl::OkStatus();
}

absl::Status Committer::RecoverFirst() {
  if (!broken_) return absl::OkStatus();
  RETURN_IF_ERROR(store_.Recover());
  broken_ = false;
  common::LogInfo("index.write_recovered");
  return absl::OkStatus();
}

void Committer::Announce(const absl::Status& committed, absl::Time started) {
  metrics_.Observe("modelwatch_commit_seconds", "Time of one commit, with its sync.",
                   absl::ToDoubleSeconds(absl::Now() - started));
  if (!committed.ok()) {
    metrics_.Count("modelwatch_index_commit_errors_total", "Commits that failed, by code.",
                   {{"code", absl::StatusCodeToString(committed.code())}});
    return;
  }
  metrics_.Set("modelwatch_index_sequence", "Newest sequence of the log.",
               static_cast<double>(state_.newest_sequence()));
  metrics_.Set("modelwatch_index_releases", "Releases in the index.",
               static_cast<double>(state_.releases()));
  metrics_.Set("modelwatch_index_findings", "Contents whose finding is in the memo.",
               static_cast<double>(state_.findings()));
  metrics_.Set("modelwatch_index_finding_bytes", "Size of the memo, uncompressed.",
               static_cast<double>(state_.finding_bytes()));
  common::MutexLock lock(mutex_);
  newest_ = state_.newest_sequence();
  changed_.NotifyAll();
}

uint64_t Committer::WaitForNewer(uint64_t sequence, absl::Duration timeout) const {
  const absl::Time deadline = absl::Now() + timeout;
  common::MutexLock lock(mutex_);
  while (newest_ <= sequence && !closed_) {
    const absl::Duration left = deadline - absl::Now();
    if (left <= absl::ZeroDuration()) break;
    changed_.WaitFor(mutex_, left);
  }
  return newest_;
}

}  // namespace modelwatch::indexer
