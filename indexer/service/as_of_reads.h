// SPDX-License-Identifier: Apache-2.0
// Reads of the index as it was at a moment of its record, free of gRPC. The comments of
// proto/modelwatch/v1/record.proto state what each promises.
//
// An answer rests on records that never change alone: versions, assessments, alerts and the past,
// each with its sequence and time. Heads, names and last-seen are of today, and only lead the way.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "indexer/store/store.h"
#include "modelwatch/v1/record.pb.h"

namespace modelwatch::indexer {

// `now_us` is our clock. A time is over a minute later: until then a commit may still bear it.
[[nodiscard]] absl::StatusOr<v1::GetReleaseAsOfResponse> ReadReleaseAsOf(
    const View& view, const v1::GetReleaseAsOfRequest& request, int64_t now_us);
[[nodiscard]] absl::StatusOr<v1::GetHistoryAsOfResponse> ReadHistoryAsOf(
    const View& view, const v1::GetHistoryAsOfRequest& request, int64_t now_us);
[[nodiscard]] absl::StatusOr<v1::ListAlertsAsOfResponse> ReadAlertsAsOf(
    const View& view, const v1::ListAlertsAsOfRequest& request, int64_t now_us);

}  // namespace modelwatch::indexer
