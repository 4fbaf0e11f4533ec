// SPDX-License-Identifier: Apache-2.0
// Repair: writes anew what can be worked out from the records. Behind `modelwatch db check
// --repair`.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "indexer/store/store.h"

namespace modelwatch::indexer {

// Brings "name", "oid", "derivative", "facet", "conclusion", "alert_of", "due" and the counts of
// "meta" and "hub" to what "observation", "past", "latest", "alert", "work", "blob" and "finding"
// say; returns how many keys it wrote or deleted. Records themselves are never touched. Memory
// grows with the damage, not with the store. In several commits: one that is cut off is simply run
// again. Nothing else may write meanwhile. UNAVAILABLE: the store cannot be written. DATA_LOSS: a
// table cannot be read.
[[nodiscard]] absl::StatusOr<uint64_t> RepairIndexes(Store& store);

// The same of a data directory that no indexer serves. FAILED_PRECONDITION: one does.
[[nodiscard]] absl::StatusOr<uint64_t> RepairStore(const std::string& data_dir);

}  // namespace modelwatch::indexer
