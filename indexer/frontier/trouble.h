// SPDX-License-Identifier: Apache-2.0
// Trouble: why answers of a hub could not be used, as all its crawlers tell it.
//
// Crawlers tell it with every share of a budget that they take, so it costs no call of its own, is
// added up over all of them, and outlives each. A crawler that is killed loses what it has not told
// yet: some seconds.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "indexer/store/draft.h"
#include "modelwatch/v1/budget.pb.h"
#include "modelwatch/v1/read.pb.h"
#include "modelwatch/v1/storage.pb.h"

namespace modelwatch::indexer {

// Beyond so many reasons, or bytes in one, it is counted as "other": callers are not trusted to
// bound them.
inline constexpr int kMaxReasons = 64;
inline constexpr size_t kMaxReasonBytes = 48;

// Pure. Adds what a request tells; hours more than a day old are dropped.
void AddTrouble(const v1::ShareBudgetRequest& request, int64_t now_us, v1::StoredTrouble& stored);

// Pure. All reasons ever told, in the order of their words.
[[nodiscard]] std::vector<v1::TroubleStatus> TroubleAt(const v1::StoredTrouble& stored,
                                                       int64_t now_us);

// Keeps what the request tells; does nothing when that is nothing.
[[nodiscard]] absl::Status KeepTrouble(Draft& draft, const v1::ShareBudgetRequest& request,
                                       int64_t now_us);

}  // namespace modelwatch::indexer
