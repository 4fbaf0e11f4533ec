// SPDX-License-Identifier: Apache-2.0
// Hub notices: alerts about a hub itself, each told once. Runs on the committer thread alone.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "indexer/store/draft.h"
#include "modelwatch/v1/ingest.pb.h"

namespace modelwatch::indexer {

inline constexpr int kMaxHubNotices = 64;

// INVALID_ARGUMENT: too many, or one whose alert is not about a hub.
[[nodiscard]] absl::Status CheckHubNotices(const v1::PutAssessmentsRequest& request);

// Stores the alert while it is news, and in the same commit that it was told. Returns its sequence;
// 0 when it is no news: told before, over meanwhile, or of a hub that is not known. Idempotent.
[[nodiscard]] absl::StatusOr<uint64_t> StoreHubNotice(Draft& draft, const v1::HubNotice& notice,
                                                      int64_t now_us);

}  // namespace modelwatch::indexer
