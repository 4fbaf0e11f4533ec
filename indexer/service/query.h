// SPDX-License-Identifier: Apache-2.0
// Finding releases by what they are, over one of the tables that are kept for it.
#pragma once

#include "absl/status/statusor.h"
#include "indexer/store/store.h"
#include "modelwatch/v1/query.pb.h"

namespace modelwatch::indexer {

// INVALID_ARGUMENT: no hub, a word that is none, or a token of another query. DATA_LOSS.
[[nodiscard]] absl::StatusOr<v1::FindReleasesResponse> ReadFound(
    const View& view, const v1::FindReleasesRequest& request);

}  // namespace modelwatch::indexer
