// SPDX-License-Identifier: Apache-2.0
// What a release is found by, kept in the commit that changes it.
#pragma once

#include "absl/status/status.h"
#include "indexer/store/draft.h"
#include "modelwatch/v1/assessment.pb.h"
#include "modelwatch/v1/observation.pb.h"

namespace modelwatch::indexer {

// `now` became the newest version, numbered `version`, after `before` with the number
// `former_version` (an empty observation and 0 at first sight).
void StoreSeenFacets(Draft& draft, const v1::Observation& before, uint64_t former_version,
                     const v1::Observation& now, uint64_t version);

// The assessment was stored, with its sequence. One of an older version than the newest judged
// changes nothing.
[[nodiscard]] absl::Status StoreConclusion(Draft& draft, const v1::Assessment& assessment);

}  // namespace modelwatch::indexer
