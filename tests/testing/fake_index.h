// SPDX-License-Identifier: Apache-2.0
// FakeIndex: the index in memory, for tests of the daemons that speak to it.
//
// Keeps the contracts of index.h where a caller can tell: same digest only advances last-seen, one
// gap-free log, cursors never go back, leases are fenced by tokens. Differs: nothing is durable, a
// change names only the kinds that these tests look at, and visits are due at once.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "common/clock.h"
#include "common/mutex.h"
#include "indexer/client/index.h"

namespace modelwatch::testing {

// Thread-safe.
class FakeIndex final : public indexer::Index {
 public:
  // `clock` must outlive this.
  explicit FakeIndex(const common::Clock& clock);

  // Every call fails with UNAVAILABLE while away, as if the process were killed; nothing is lost.
  void SetAway(bool away);
  // The next `calls` PutBatch calls answer RESOURCE_EXHAUSTED.
  void SetBusy(int calls);
  // Forgets a blob, as an index would whose directory was replaced.
  void ForgetBlobs();
  // Makes every hub's work due now and ends its leases, as time would.
  void MakeDue();

  // Puts a visit of the watch list on the list.
  void Watch(const v1::ReleaseKey& key, const std::string& name);

  // Whether GetStatus says that nothing is heard of the hub.
  void SetSilent(const std::string& hub, bool is_silent);

  // Answers ShareBudget from now on; `token` grows. Without it everything that is wanted is
  // granted.
  using Ledger = std::function<v1::ShareBudgetResponse(const v1::ShareBudgetRequest& request,
                                                       uint64_t token, int64_t now_us)>;
  void SetLedger(Ledger ledger);

  // What tests look at.
  [[nodiscard]] std::vector<v1::Observation> LatestObservations() const;  // by key
  [[nodiscard]] std::vector<v1::LogEntry> Entries() const;
  [[nodiscard]] int put_batches() const;
  [[nodiscard]] std::vector<v1::FinishWorkRequest> finished() const;

  absl::StatusOr<v1::GetHeadsResponse> GetHeads(const v1::GetHeadsRequest& request) override;
  absl::StatusOr<v1::GetReleaseResponse> GetRelease(const v1::GetReleaseRequest& request) override;
  absl::StatusOr<v1::GetHistoryResponse> GetHistory(const v1::GetHistoryRequest& request) override;
  absl::StatusOr<v1::GetBlobResponse> GetBlob(const v1::GetBlobRequest& request) override;
  absl::StatusOr<v1::GetFindingsResponse> GetFindings(
      const v1::GetFindingsRequest& request) override;
  absl::StatusOr<v1::ListReleasesResponse> ListReleases(
      const v1::ListReleasesRequest& request) override;
  absl::StatusOr<v1::FindReleasesResponse> FindReleases(const v1::FindReleasesRequest&) override {
    return absl::UnimplementedError("the fake index finds nothing by facets");
  }
  absl::StatusOr<v1::ListDerivativesResponse> ListDerivatives(
      const v1::ListDerivativesRequest& request) override;
  absl::StatusOr<v1::ListAlertsResponse> ListAlerts(const v1::ListAlertsRequest& request) override;
  absl::StatusOr<v1::ListHeldResponse> ListHeld(const v1::ListHeldRequest& request) override;
  absl::StatusOr<v1::GetStatusResponse> GetStatus(const v1::GetStatusRequest& request) override;
  absl::Status Follow(const v1::FollowRequest& request, const common::Stopper& stopper,
                      const EachFollow& each) override;
  absl::Status ListOids(const EachOid& each) override;

  absl::StatusOr<v1::PutBatchResponse> PutBatch(const v1::PutBatchRequest& request) override;
  absl::StatusOr<v1::PutAssessmentsResponse> PutAssessments(
      const v1::PutAssessmentsRequest& request) override;
  absl::StatusOr<v1::DeclareHubResponse> DeclareHub(const v1::DeclareHubRequest& request) override;
  absl::StatusOr<v1::LeaseWorkResponse> LeaseWork(const v1::LeaseWorkRequest& request) override;
  absl::StatusOr<v1::FinishWorkResponse> FinishWork(const v1::FinishWorkRequest& request) override;
  absl::StatusOr<v1::ShareBudgetResponse> ShareBudget(
      const v1::ShareBudgetRequest& request) override;

 private:
  struct Release {
    std::vector<v1::Version> versions;  // oldest first
    std::map<uint64_t, v1::Change> changes;
    std::map<uint64_t, v1::Assessment> assessments;  // by version, newest judgement
    int64_t first_seen_us = 0;
    int64_t last_seen_us = 0;
    bool needs_visit = false;
    std::vector<std::string> former_names;
  };
  struct Due {
    v1::Work work;
    int64_t due_us = 0;
    bool leased = false;
  };
  struct HubState {
    v1::DeclareHubRequest declared;
    int64_t hub_time_us = 0;
    uint64_t sweeps = 0;
    int64_t last_listing_us = 0;
    int64_t last_sweep_us = 0;
    bool is_silent = false;
    int64_t silence_told_us = 0;
  };

  // All REQUIRE mutex_.
  [[nodiscard]] absl::Status Check() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  [[nodiscard]] int64_t NowMicros() const;
  v1::LogEntry& Append() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  v1::ItemAck PutOne(const v1::PutItem& item) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Commit(Release& release, const v1::Observation& observation)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  uint64_t PutNotice(const v1::HubNotice& notice) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void KeepFindings(const v1::PutAssessmentsRequest& request) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ScheduleVisit(const v1::Observation& observation) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  uint64_t ScheduleAbsent(const std::string& hub, int64_t since_us)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  [[nodiscard]] const Release* Find(const v1::ReleaseKey& key, const std::string& name) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  [[nodiscard]] v1::GetReleaseResponse Describe(const Release& release) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const common::Clock& clock_;
  mutable common::Mutex mutex_;
  common::CondVar changed_;
  bool away_ ABSL_GUARDED_BY(mutex_) = false;
  int busy_ ABSL_GUARDED_BY(mutex_) = 0;
  int put_batches_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t next_token_ ABSL_GUARDED_BY(mutex_) = 1;
  Ledger ledger_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Release> releases_ ABSL_GUARDED_BY(mutex_);   // by "hub:id"
  std::map<std::string, std::string> blobs_ ABSL_GUARDED_BY(mutex_);  // digest -> content
  std::map<std::string, std::string> oids_ ABSL_GUARDED_BY(mutex_);   // hex oid -> digest
  // Of the two identifier versions written last, newest at the end: version, then by digest.
  std::vector<std::pair<std::string, std::map<std::string, v1::Finding>>> findings_
      ABSL_GUARDED_BY(mutex_);
  std::vector<v1::LogEntry> entries_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, v1::PendingAlert> held_ ABSL_GUARDED_BY(mutex_);  // by "hub:id"
  std::map<std::string, uint64_t> cursors_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Due> work_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, HubState> hubs_ ABSL_GUARDED_BY(mutex_);
  std::vector<v1::FinishWorkRequest> finished_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace modelwatch::testing
