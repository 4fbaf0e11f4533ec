// SPDX-License-Identifier: Apache-2.0
// The ledger of a hub's allowance: who may send how many requests until when.
//
// A hub counts requests in fixed windows, one count for each class, and says in every answer how
// many are left (r) and when the window ends (t). What it says is the truth; what may still reach
// it is subtracted:
//
//   to hand out = r (least told in this window) - open in all shares - reserve - held for others
//
// A share that nobody renews counts as spent when it expires, so a crawler that was killed costs
// its share and never the quota. Watch list, changes, sweep and backfill take in this order: a
// later one leaves a part of the window to those before it, less and less as the window runs out,
// so that nothing is wasted in the end.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "indexer/store/draft.h"
#include "modelwatch/v1/budget.pb.h"
#include "modelwatch/v1/read.pb.h"

namespace modelwatch::indexer {

// How long requests of a share may be sent, and how long after that the hub may count them late.
inline constexpr absl::Duration kShareValid = absl::Seconds(5);
inline constexpr absl::Duration kShareGrace = absl::Seconds(10);

// One call on one budget. `token` is newer than every one before; it names the share that is handed
// out. Pure: the same arguments give the same answer.
[[nodiscard]] v1::ShareBudgetResponse Share(v1::StoredBudget& budget,
                                            const v1::ShareBudgetRequest& request, uint64_t token,
                                            int64_t now_us);

// The same on the store. Runs on the committer thread alone. See proto/modelwatch/v1/budget.proto.
[[nodiscard]] absl::StatusOr<v1::ShareBudgetResponse> ShareBudget(
    Draft& draft, const v1::ShareBudgetRequest& request, int64_t now_us);

// How the budget stands: what a call now would find. Class and account are not in the record. Pure.
[[nodiscard]] v1::BudgetStatus BudgetAt(v1::StoredBudget budget, int64_t now_us);

}  // namespace modelwatch::indexer
