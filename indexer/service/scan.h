// SPDX-License-Identifier: Apache-2.0
// Scans: everything up to a sequence, chunk by chunk, free of gRPC. proto/modelwatch/v1/scan.proto
// states what each promises.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "indexer/store/store.h"
#include "modelwatch/v1/scan.pb.h"

namespace modelwatch::indexer {

// Takes a chunk; false ends the scan. A chunk is read from a snapshot of its own, so that a slow
// taker pins nothing.
using SendVersions = std::function<bool(const v1::ScanVersionsResponse&)>;
using SendEntries = std::function<bool(const v1::ScanLogResponse&)>;

[[nodiscard]] absl::Status ScanVersions(const Store& store, const v1::ScanVersionsRequest& request,
                                        const SendVersions& send);
[[nodiscard]] absl::Status ScanLog(const Store& store, const v1::ScanLogRequest& request,
                                   const SendEntries& send);

}  // namespace modelwatch::indexer
