// SPDX-License-Identifier: Apache-2.0
// Releases a page at a time: all of a hub, by the start of a name, or made from a base.
#pragma once

#include "absl/status/statusor.h"
#include "indexer/store/store.h"
#include "modelwatch/v1/read.pb.h"
#include "modelwatch/v1/storage.pb.h"

namespace modelwatch::indexer {

// A version as readers see it; takes the observation out of `stored`.
[[nodiscard]] v1::Version ToVersion(uint64_t sequence, v1::StoredVersion& stored);

// The newest version of a release and what was concluded of it. NOT_FOUND, DATA_LOSS.
[[nodiscard]] absl::StatusOr<v1::GetReleaseResponse> ReleaseOf(const View& view,
                                                               const v1::ReleaseKey& key,
                                                               const v1::StoredHead& head);

}  // namespace modelwatch::indexer
