// SPDX-License-Identifier: Apache-2.0
// Reads: the answers of the Read service from one view of the store, free of gRPC. The comments of
// proto/modelwatch/v1/read.proto state what each promises. Codes: NOT_FOUND, INVALID_ARGUMENT (over
// a limit, no key or name), DATA_LOSS, and RESOURCE_EXHAUSTED where an answer would be over 24 MiB.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "indexer/store/store.h"
#include "modelwatch/v1/read.pb.h"

namespace modelwatch::indexer {

inline constexpr int kMaxKeys = 1000;           // of one GetHeads
inline constexpr int kMaxVersions = 256;        // of one GetVersions
inline constexpr int kMaxFindingsAsked = 1024;  // of one GetFindings
inline constexpr uint32_t kMaxRows = 1000;      // of one page or history

[[nodiscard]] absl::StatusOr<v1::GetHeadsResponse> ReadHeads(const View& view,
                                                             const v1::GetHeadsRequest& request);
[[nodiscard]] absl::StatusOr<v1::GetReleaseResponse> ReadRelease(
    const View& view, const v1::GetReleaseRequest& request);
[[nodiscard]] absl::StatusOr<v1::GetHistoryResponse> ReadHistory(
    const View& view, const v1::GetHistoryRequest& request);
[[nodiscard]] absl::StatusOr<v1::GetBlobResponse> ReadBlob(const View& view,
                                                           const v1::GetBlobRequest& request);
[[nodiscard]] absl::StatusOr<v1::GetVersionsResponse> ReadVersions(
    const View& view, const v1::GetVersionsRequest& request);
[[nodiscard]] absl::StatusOr<v1::GetBlobsResponse> ReadBlobs(const View& view,
                                                             const v1::GetBlobsRequest& request);
[[nodiscard]] absl::StatusOr<v1::GetFindingsResponse> ReadFindings(
    const View& view, const v1::GetFindingsRequest& request);
[[nodiscard]] absl::StatusOr<v1::ListReleasesResponse> ReadReleases(
    const View& view, const v1::ListReleasesRequest& request);
[[nodiscard]] absl::StatusOr<v1::ListDerivativesResponse> ReadDerivatives(
    const View& view, const v1::ListDerivativesRequest& request);
[[nodiscard]] absl::StatusOr<v1::ListAlertsResponse> ReadAlerts(
    const View& view, const v1::ListAlertsRequest& request);
[[nodiscard]] absl::StatusOr<v1::ListHeldResponse> ReadHeld(const View& view);
// `now_us` is our clock: what is due, silent or blocked is so by it.
[[nodiscard]] absl::StatusOr<v1::GetStatusResponse> ReadStatus(const View& view,
                                                               const v1::GetStatusRequest& request,
                                                               int64_t now_us);

// Calls `each` with chunks until it returns false.
using EachOids = std::function<bool(const v1::ListOidsResponse&)>;
[[nodiscard]] absl::Status ReadOids(const View& view, const EachOids& each);

}  // namespace modelwatch::indexer
