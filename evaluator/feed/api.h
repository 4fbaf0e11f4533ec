// SPDX-License-Identifier: Apache-2.0
// The JSON API: alerts after a sequence, and how things stand.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "evaluator/feed/page.h"

namespace modelwatch::evaluator {

// {"alerts":[...],"has_more":bool,"next_after":SEQ}: alerts in the order of the log with a sequence
// above `after` (0 = from the first), at most `limit` (1..1000, default 100). Ask again with
// after=next_after to go on; the shape of an alert is that of `modelwatch alerts --format json`.
// INVALID_ARGUMENT for numbers out of range.
[[nodiscard]] absl::StatusOr<std::string> AlertsJson(const PageSource& source, const Query& query);

// {"newest_sequence","evaluator_cursor","releases","versions","alerts","hubs":[...]}, what
// `modelwatch status --format json` prints. REQUIRES: asked with `health`.
[[nodiscard]] std::string StatusJson(const v1::GetStatusResponse& status);
[[nodiscard]] absl::StatusOr<std::string> StatusJson(const PageSource& source);

}  // namespace modelwatch::evaluator
