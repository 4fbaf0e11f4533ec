// SPDX-License-Identifier: Apache-2.0
// Judge: assessments, alerts and held alerts into one commit, each log entry judged once.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "indexer/store/draft.h"
#include "modelwatch/v1/ingest.pb.h"

namespace modelwatch::indexer {

inline constexpr int kMaxJudgements = 256;

// See PutAssessments in proto/modelwatch/v1/ingest.proto. INVALID_ARGUMENT: no evaluator named,
// over a limit, a finding without a SHA-256 or version, a cursor beyond the log, a judgement about
// a version that is not here or with two waiting alerts; then nothing of the call is stored. Runs
// on the committer thread.
[[nodiscard]] absl::StatusOr<v1::PutAssessmentsResponse> PutAssessments(
    Draft& draft, const v1::PutAssessmentsRequest& request, int64_t now_us);

}  // namespace modelwatch::indexer
