// SPDX-License-Identifier: Apache-2.0
// Harvest: licence texts that publishers gave with their releases and that no reference knows, from
// the index' own store.
#pragma once

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "common/stopper.h"
#include "evaluator/harvest/candidate.h"
#include "evaluator/license/matcher.h"
#include "indexer/client/index.h"
#include "modelwatch/v1/harvest.pb.h"

namespace modelwatch::evaluator {

// Called now and then with the log sequence read so far and the newest one.
using HarvestProgress = std::function<void(uint64_t read, uint64_t newest)>;

// Reads every version that the log still names (and the newest of every release where the log was
// cut), takes its licence-like files, judges each text once, and returns those that are neither
// EXACT, of the corpus or by fingerprint, nor MENTION nor NONE: the promoted first, then by number
// of releases; keys are unique and none is a key of the corpus. The same index gives the same
// answer. Memory: the texts returned, and 80 bytes a distinct file seen. CANCELLED: `stopper`
// stopped; else the index' own errors.
[[nodiscard]] absl::StatusOr<std::vector<Candidate>> Harvest(indexer::Reader& reader,
                                                             const Matcher& matcher,
                                                             const v1::PromotionRules& rules,
                                                             const common::Stopper& stopper,
                                                             const HarvestProgress& progress);

}  // namespace modelwatch::evaluator
