// SPDX-License-Identifier: Apache-2.0
// The memo: which licence each content is, by identifier version, so that no content is ever
// classified twice.
//
// Written with the judgements that first needed it, in their commit. Findings of the two identifier
// versions written last are kept: the present one, and the one before it, so that going back from a
// bad corpus costs nothing. The rest is dropped as one range, so the memo is bounded by twice the
// distinct texts (docs/decisions/0014-findings-memo.md).
#pragma once

#include "absl/status/status.h"
#include "indexer/store/draft.h"
#include "modelwatch/v1/ingest.pb.h"

namespace modelwatch::indexer {

inline constexpr int kMaxFindings = 8192;  // of one PutAssessments
inline constexpr int kIdentifiersKept = 2;

// INVALID_ARGUMENT: too many findings, one without a SHA-256 or a status, or no identifier version
// to file them under.
[[nodiscard]] absl::Status CheckFindings(const v1::PutAssessmentsRequest& request);

// Adds what the memo does not have; repeating it changes nothing. REQUIRES: CheckFindings. Runs on
// the committer thread.
[[nodiscard]] absl::Status StoreFindings(Draft& draft, const v1::PutAssessmentsRequest& request);

}  // namespace modelwatch::indexer
