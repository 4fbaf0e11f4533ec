// SPDX-License-Identifier: Apache-2.0
// Committer: the one writer of the store.
//
//   callers' threads                      the committer thread (Run)
//   Prepare(batch) -> queue of jobs  -->  take what waits -> Draft -> ONE synced WriteBatch ->
//   answers
//
// Batches that wait together are committed together, up to 256 observations a commit. It never
// waits for more to come: while one commit is synced (0.3 ms) the next group gathers by itself, so
// a lone caller is answered at once and a busy index still commits full groups (docs/decisions).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/bounded_queue.h"
#include "common/clock.h"
#include "common/metrics.h"
#include "common/mutex.h"
#include "indexer/store/draft.h"
#include "indexer/store/store.h"
#include "modelwatch/v1/budget.pb.h"
#include "modelwatch/v1/frontier.pb.h"
#include "modelwatch/v1/ingest.pb.h"

namespace modelwatch::indexer {

struct CommitterOptions {
  size_t queue = 64;             // jobs waiting; beyond it RESOURCE_EXHAUSTED
  uint64_t max_log_entries = 0;  // see CompactLog
};

// How many observations one commit holds at most.
inline constexpr size_t kGroupObservations = 256;
// What a refused caller should wait: a full queue of 64 batches takes about a second to commit.
inline constexpr absl::Duration kRetryDelay = absl::Milliseconds(250);

// Thread-safe. Every call waits for its commit: OK means on disk. RESOURCE_EXHAUSTED: the queue is
// full, nothing was taken. UNAVAILABLE: closed, or the disk refuses writes. DEADLINE_EXCEEDED: not
// known whether it was committed; repeating is safe.
class Committer {
 public:
  // `store`, `clock` and `metrics` must outlive it. `state` is what the store holds (GetState).
  Committer(Store& store, v1::StoredState state, const common::Clock& clock,
            common::Metrics& metrics, const CommitterOptions& options);
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  [[nodiscard]] absl::StatusOr<v1::PutBatchResponse> PutBatch(const v1::PutBatchRequest& request,
                                                              absl::Time deadline);
  [[nodiscard]] absl::StatusOr<v1::PutAssessmentsResponse> PutAssessments(
      const v1::PutAssessmentsRequest& request, absl::Time deadline);
  [[nodiscard]] absl::StatusOr<v1::DeclareHubResponse> DeclareHub(
      const v1::DeclareHubRequest& request, absl::Time deadline);
  [[nodiscard]] absl::StatusOr<v1::LeaseWorkResponse> LeaseWork(const v1::LeaseWorkRequest& request,
                                                                absl::Time deadline);
  [[nodiscard]] absl::StatusOr<v1::FinishWorkResponse> FinishWork(
      const v1::FinishWorkRequest& request, absl::Time deadline);
  [[nodiscard]] absl::StatusOr<v1::ShareBudgetResponse> ShareBudget(
      const v1::ShareBudgetRequest& request, absl::Time deadline);

  // The committer thread: commits until Close() and the queue is empty.
  void Run();
  // Refuses new calls; what waits is still committed. Also wakes those who wait below.
  void Close();

  // Waits until an entry newer than `sequence` is committed, Close(), or `timeout`; returns the
  // newest sequence.
  [[nodiscard]] uint64_t WaitForNewer(uint64_t sequence, absl::Duration timeout) const;

  class Job;

 private:
  template <typename Response>
  absl::StatusOr<Response> Call(std::function<absl::StatusOr<Response>(Draft&, int64_t)> apply,
                                absl::Time deadline);
  void CommitAll(std::vector<std::unique_ptr<Job>> jobs);
  void CommitGroup(std::vector<std::unique_ptr<Job>> group);
  absl::Status ApplyAndWrite(const std::vector<std::unique_ptr<Job>>& group);
  absl::Status RecoverFirst();
  void Announce(const absl::Status& committed, absl::Time started);

  // Constant after construction.
  Store& store_;
  const common::Clock& clock_;
  common::Metrics& metrics_;
  const CommitterOptions options_;
  // Own synchronization.
  common::BoundedQueue<std::unique_ptr<Job>> queue_;
  // The committer thread's own.
  v1::StoredState state_;
  bool broken_ = false;
  // Guarded by mutex_.
  mutable common::Mutex mutex_;
  mutable common::CondVar changed_;
  uint64_t newest_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace modelwatch::indexer
