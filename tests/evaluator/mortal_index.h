// SPDX-License-Identifier: Apache-2.0
// MortalIndex: an index whose connection dies at a chosen call, as if one side had been killed.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "indexer/client/index.h"

namespace modelwatch::evaluator {

// Forwards to another index. Also holds callers to what index.h demands of them. Not thread-safe.
class MortalIndex final : public indexer::Index {
 public:
  enum class Death {
    kBefore,  // the call never arrived
    kAfter,   // the call was carried out, its answer was lost
  };

  explicit MortalIndex(indexer::Index& inner) : inner_(inner) {}

  // The call with this number, counted from 1, dies; so does every one after it.
  void DieAt(int call, Death death) {
    die_at_ = call;
    death_ = death;
  }
  [[nodiscard]] int calls() const { return calls_; }
  [[nodiscard]] bool died() const { return die_at_ != 0 && calls_ >= die_at_; }

  absl::StatusOr<v1::GetHeadsResponse> GetHeads(const v1::GetHeadsRequest& request) override {
    return Call([&] { return inner_.GetHeads(request); });
  }
  absl::StatusOr<v1::GetReleaseResponse> GetRelease(const v1::GetReleaseRequest& request) override {
    return Call([&] { return inner_.GetRelease(request); });
  }
  absl::StatusOr<v1::GetHistoryResponse> GetHistory(const v1::GetHistoryRequest& request) override {
    return Call([&] { return inner_.GetHistory(request); });
  }
  absl::StatusOr<v1::GetBlobResponse> GetBlob(const v1::GetBlobRequest& request) override {
    return Call([&] { return inner_.GetBlob(request); });
  }
  absl::StatusOr<v1::GetVersionsResponse> GetVersions(
      const v1::GetVersionsRequest& request) override {
    EXPECT_LE(request.versions_size(), 256);
    return Call([&] { return inner_.GetVersions(request); });
  }
  absl::StatusOr<v1::GetBlobsResponse> GetBlobs(const v1::GetBlobsRequest& request) override {
    EXPECT_LE(request.digests_size(), 256);
    return Call([&] { return inner_.GetBlobs(request); });
  }
  absl::StatusOr<v1::GetFindingsResponse> GetFindings(
      const v1::GetFindingsRequest& request) override {
    EXPECT_LE(request.digests_size(), 1024);
    return Call([&] { return inner_.GetFindings(request); });
  }
  absl::StatusOr<v1::ListReleasesResponse> ListReleases(
      const v1::ListReleasesRequest& request) override {
    return Call([&] { return inner_.ListReleases(request); });
  }
  absl::StatusOr<v1::FindReleasesResponse> FindReleases(
      const v1::FindReleasesRequest& request) override {
    return Call([&] { return inner_.FindReleases(request); });
  }
  absl::StatusOr<v1::ListDerivativesResponse> ListDerivatives(
      const v1::ListDerivativesRequest& request) override {
    return Call([&] { return inner_.ListDerivatives(request); });
  }
  absl::StatusOr<v1::ListAlertsResponse> ListAlerts(const v1::ListAlertsRequest& request) override {
    return Call([&] { return inner_.ListAlerts(request); });
  }
  absl::StatusOr<v1::ListHeldResponse> ListHeld(const v1::ListHeldRequest& request) override {
    return Call([&] { return inner_.ListHeld(request); });
  }
  absl::StatusOr<v1::GetStatusResponse> GetStatus(const v1::GetStatusRequest& request) override {
    return Call([&] { return inner_.GetStatus(request); });
  }
  absl::Status Follow(const v1::FollowRequest& request, const common::Stopper& stopper,
                      const EachFollow& each) override {
    return Call([&] { return inner_.Follow(request, stopper, each); });
  }
  absl::Status ListOids(const EachOid& each) override { return inner_.ListOids(each); }
  absl::StatusOr<v1::PutBatchResponse> PutBatch(const v1::PutBatchRequest& request) override {
    return Call([&] { return inner_.PutBatch(request); });
  }
  absl::StatusOr<v1::PutAssessmentsResponse> PutAssessments(
      const v1::PutAssessmentsRequest& request) override {
    EXPECT_LE(request.judgements_size(), 256);
    EXPECT_LE(request.findings_size(), 8192);
    EXPECT_LE(request.ByteSizeLong(), indexer::kMaxMessageBytes);
    return Call([&] { return inner_.PutAssessments(request); });
  }
  absl::StatusOr<v1::DeclareHubResponse> DeclareHub(const v1::DeclareHubRequest& request) override {
    return Call([&] { return inner_.DeclareHub(request); });
  }
  absl::StatusOr<v1::LeaseWorkResponse> LeaseWork(const v1::LeaseWorkRequest& request) override {
    return Call([&] { return inner_.LeaseWork(request); });
  }
  absl::StatusOr<v1::FinishWorkResponse> FinishWork(const v1::FinishWorkRequest& request) override {
    return Call([&] { return inner_.FinishWork(request); });
  }
  absl::StatusOr<v1::ShareBudgetResponse> ShareBudget(
      const v1::ShareBudgetRequest& request) override {
    return Call([&] { return inner_.ShareBudget(request); });
  }

 private:
  template <typename Inner>
  auto Call(Inner inner) -> decltype(inner()) {
    ++calls_;
    if (died() && (calls_ > die_at_ || death_ == Death::kBefore)) {
      return absl::UnavailableError("killed by the test");
    }
    auto answer = inner();
    if (died()) return absl::UnavailableError("killed by the test");
    return answer;
  }

  indexer::Index& inner_;
  int calls_ = 0;
  int die_at_ = 0;
  Death death_ = Death::kBefore;
};

}  // namespace modelwatch::evaluator
