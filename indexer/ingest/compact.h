// SPDX-License-Identifier: Apache-2.0
// Compact: the log kept short. Versions, assessments and alerts stay; only their place in the log
// goes, so a follower that fell behind is told OUT_OF_RANGE and reads the releases anew.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "indexer/store/draft.h"

namespace modelwatch::indexer {

// Drops the oldest entries when the log has a tenth more than `max_entries` (0 = keep all). What an
// evaluator has not judged yet is kept: the entries behind the lowest stored cursor are the most
// that goes.
[[nodiscard]] absl::Status CompactLog(Draft& draft, uint64_t max_entries);

}  // namespace modelwatch::indexer
