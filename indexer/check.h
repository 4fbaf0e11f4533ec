// SPDX-License-Identifier: Apache-2.0
// Check: every record of a store against every other. Behind `modelwatch db check`.
#pragma once

#include "absl/status/statusor.h"
#include "indexer/indexer.h"
#include "indexer/store/store.h"

namespace modelwatch::indexer {

// Reads the whole view once. Damage that RocksDB itself reports is a problem in the report too.
[[nodiscard]] StoreReport CheckRecords(const View& view);

}  // namespace modelwatch::indexer
