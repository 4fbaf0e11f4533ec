// SPDX-License-Identifier: Apache-2.0
// The first page: alerts, newest first.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "evaluator/feed/page.h"

namespace modelwatch::evaluator {

// HTML. INVALID_ARGUMENT for a query that means nothing; else as the reader fails.
[[nodiscard]] absl::StatusOr<std::string> AlertsPage(const PageSource& source, const Query& query);

// One page of alerts, newest first, and how to turn to its neighbours.
struct AlertSlice {
  std::vector<v1::Alert> alerts;
  uint64_t older_before = 0;  // ?before= of the older page; 0 when this is the oldest
  uint64_t newer_before = 0;  // ?before= of the newer page; 0 for the newest one
  bool has_newer = false;
};

// Alerts with a sequence below `before` (0 = from the newest on) and at least this severity.
[[nodiscard]] absl::StatusOr<AlertSlice> SliceAlerts(indexer::Reader& reader, uint64_t before,
                                                     v1::Severity severity, uint32_t size);

}  // namespace modelwatch::evaluator
