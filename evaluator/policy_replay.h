// SPDX-License-Identifier: Apache-2.0
// What rules would have told of a stored history, without telling it.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "common/stopper.h"
#include "evaluator/policy/policy.h"
#include "indexer/client/index.h"
#include "modelwatch/v1/alert.pb.h"

namespace modelwatch::evaluator {

// Goes through the log from its oldest entry and decides anew, by the stored assessments: nothing
// is judged again and nothing is written. Alerts come in the order of hub time in which they would
// have been raised, without sequence. A version that was never judged is passed over. Errors are
// the reader's.
[[nodiscard]] absl::Status ReplayPolicy(indexer::Reader& reader, const Policy& policy,
                                        const common::Stopper& stopper,
                                        const std::function<void(const v1::Alert&)>& tell);

}  // namespace modelwatch::evaluator
