// SPDX-License-Identifier: Apache-2.0
// The index as other daemons see it: Reader (reads only) and Index (reads, writes, leases).
//
// The calls mirror proto/modelwatch/v1/{read,scan,ingest,frontier,budget}.proto, whose comments
// state idempotency, limits and errors by code; they hold here word for word. Callers cannot tell
// whether the indexer runs in this process or another.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/stopper.h"
#include "modelwatch/v1/budget.pb.h"
#include "modelwatch/v1/frontier.pb.h"
#include "modelwatch/v1/ingest.pb.h"
#include "modelwatch/v1/query.pb.h"
#include "modelwatch/v1/read.pb.h"

// Of scan.proto, which few callers need.
namespace modelwatch::v1 {
class ScanLogRequest;
class ScanLogResponse;
class ScanVersionsRequest;
class ScanVersionsResponse;
}  // namespace modelwatch::v1

namespace modelwatch::indexer {

inline constexpr int kMaxBatchItems = 256;
inline constexpr size_t kMaxBatchBytes = size_t{1} << 20;
// One observation with its texts may exceed kMaxBatchBytes alone, up to this.
inline constexpr size_t kMaxMessageBytes = size_t{32} << 20;
inline constexpr int kMaxHeads = 1000;

// Thread-safe. Every call carries a deadline; UNAVAILABLE and DEADLINE_EXCEEDED mean the index is
// away and the call may be repeated.
class Reader {
 public:
  virtual ~Reader() = default;

  [[nodiscard]] virtual absl::StatusOr<v1::GetHeadsResponse> GetHeads(
      const v1::GetHeadsRequest& request) = 0;
  [[nodiscard]] virtual absl::StatusOr<v1::GetReleaseResponse> GetRelease(
      const v1::GetReleaseRequest& request) = 0;
  [[nodiscard]] virtual absl::StatusOr<v1::GetHistoryResponse> GetHistory(
      const v1::GetHistoryRequest& request) = 0;
  [[nodiscard]] virtual absl::StatusOr<v1::GetBlobResponse> GetBlob(
      const v1::GetBlobRequest& request) = 0;
  // Many at once. The implementations here ask one by one; an index that can do better overrides
  // them.
  [[nodiscard]] virtual absl::StatusOr<v1::GetVersionsResponse> GetVersions(
      const v1::GetVersionsRequest& request);
  [[nodiscard]] virtual absl::StatusOr<v1::GetBlobsResponse> GetBlobs(
      const v1::GetBlobsRequest& request);
  [[nodiscard]] virtual absl::StatusOr<v1::GetFindingsResponse> GetFindings(
      const v1::GetFindingsRequest& request) = 0;
  [[nodiscard]] virtual absl::StatusOr<v1::ListReleasesResponse> ListReleases(
      const v1::ListReleasesRequest& request) = 0;
  // By publisher, licence, direction and the rest of query.proto.
  [[nodiscard]] virtual absl::StatusOr<v1::FindReleasesResponse> FindReleases(
      const v1::FindReleasesRequest& request) = 0;
  [[nodiscard]] virtual absl::StatusOr<v1::ListDerivativesResponse> ListDerivatives(
      const v1::ListDerivativesRequest& request) = 0;
  [[nodiscard]] virtual absl::StatusOr<v1::ListAlertsResponse> ListAlerts(
      const v1::ListAlertsRequest& request) = 0;
  [[nodiscard]] virtual absl::StatusOr<v1::ListHeldResponse> ListHeld(
      const v1::ListHeldRequest& request) = 0;
  [[nodiscard]] virtual absl::StatusOr<v1::GetStatusResponse> GetStatus(
      const v1::GetStatusRequest& request) = 0;

  // Calls `each` for every entry and every progress mark, in order, on this thread. Ends OK when
  // `until_now` is set and reached, when `each` returns false, or when `stopper` stops; otherwise
  // with the stream's error. OUT_OF_RANGE: compacted.
  using EachFollow = std::function<bool(const v1::FollowResponse&)>;
  [[nodiscard]] virtual absl::Status Follow(const v1::FollowRequest& request,
                                            const common::Stopper& stopper,
                                            const EachFollow& each) = 0;

  // Calls `each` for every git blob id whose content the index holds: the id as 20 raw bytes, the
  // SHA-256 of its content as 32.
  using EachOid = std::function<void(const std::string& oid, const std::string& digest)>;
  [[nodiscard]] virtual absl::Status ListOids(const EachOid& each) = 0;

  // Everything up to a sequence, chunk by chunk, in order, on this thread. Ends like Follow(). Not
  // every index can: UNIMPLEMENTED.
  using EachVersions = std::function<bool(const v1::ScanVersionsResponse&)>;
  [[nodiscard]] virtual absl::Status ScanVersions(const v1::ScanVersionsRequest&,
                                                  const common::Stopper&, const EachVersions&) {
    return absl::UnimplementedError("this index cannot scan versions");
  }
  using EachEntries = std::function<bool(const v1::ScanLogResponse&)>;
  [[nodiscard]] virtual absl::Status ScanLog(const v1::ScanLogRequest&, const common::Stopper&,
                                             const EachEntries&) {
    return absl::UnimplementedError("this index cannot scan its log");
  }
};

// Thread-safe.
class Index : public Reader {
 public:
  [[nodiscard]] virtual absl::StatusOr<v1::PutBatchResponse> PutBatch(
      const v1::PutBatchRequest& request) = 0;
  [[nodiscard]] virtual absl::StatusOr<v1::PutAssessmentsResponse> PutAssessments(
      const v1::PutAssessmentsRequest& request) = 0;
  [[nodiscard]] virtual absl::StatusOr<v1::DeclareHubResponse> DeclareHub(
      const v1::DeclareHubRequest& request) = 0;
  [[nodiscard]] virtual absl::StatusOr<v1::LeaseWorkResponse> LeaseWork(
      const v1::LeaseWorkRequest& request) = 0;
  [[nodiscard]] virtual absl::StatusOr<v1::FinishWorkResponse> FinishWork(
      const v1::FinishWorkRequest& request) = 0;
  [[nodiscard]] virtual absl::StatusOr<v1::ShareBudgetResponse> ShareBudget(
      const v1::ShareBudgetRequest& request) = 0;
};

inline absl::StatusOr<v1::GetVersionsResponse> Reader::GetVersions(
    const v1::GetVersionsRequest& request) {
  v1::GetVersionsResponse response;
  for (const v1::VersionRef& ref : request.versions()) {
    v1::GetHistoryRequest one;
    *one.mutable_key() = ref.key();
    one.set_limit(1);
    one.set_before_version(ref.version() + 1);
    absl::StatusOr<v1::GetHistoryResponse> history = GetHistory(one);
    if (!history.ok() && !absl::IsNotFound(history.status())) return history.status();
    v1::HistoryRow& row = *response.add_rows();
    if (history.ok() && history->rows_size() > 0 &&
        history->rows(0).version().sequence() == ref.version()) {
      row.Swap(history->mutable_rows(0));
    }
  }
  return response;
}

inline absl::StatusOr<v1::GetBlobsResponse> Reader::GetBlobs(const v1::GetBlobsRequest& request) {
  v1::GetBlobsResponse response;
  for (const std::string& digest : request.digests()) {
    v1::GetBlobRequest one;
    one.set_digest(digest);
    absl::StatusOr<v1::GetBlobResponse> blob = GetBlob(one);
    if (!blob.ok() && !absl::IsNotFound(blob.status())) return blob.status();
    v1::FoundBlob& found = *response.add_blobs();
    found.set_found(blob.ok());
    if (blob.ok()) found.mutable_content()->swap(*blob->mutable_content());
  }
  return response;
}

}  // namespace modelwatch::indexer
